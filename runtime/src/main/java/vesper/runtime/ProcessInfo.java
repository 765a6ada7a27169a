package vesper.runtime;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/// What runs in this process.
///
/// @param services ids of the services
record ProcessInfo(String version, Instant startedAt, List<String> services) {

  /// Returns the version of this build.
  static String buildVersion() {
    try (InputStream in = ProcessInfo.class.getResourceAsStream("version.txt")) {
      if (in == null) {
        throw new IllegalStateException("the build left out version.txt");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(JsonWriter json) throws IOException {
    json.beginObject();
    json.name("version").value(version);
    json.name("java").value(Runtime.version().toString());
    json.name("pid").value(ProcessHandle.current().pid());
    json.name("startedAt").value(startedAt.toString());
    json.name("services").beginArray();
    for (String service : services) {
      json.value(service);
    }
    json.endArray().endObject();
  }
}
