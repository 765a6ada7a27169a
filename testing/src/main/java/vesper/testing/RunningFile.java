package vesper.testing;

import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What a running system writes about itself into its data folder.
record RunningFile(long pid, String state, Optional<URI> gateway, Optional<URI> management) {
  private static final String NAME = "running.json";

  /// Reads the file; an absent or half-written one counts as none.
  static Optional<RunningFile> read(Path data) {
    try {
      JsonValue value = JsonParser.parse(Files.readString(data.resolve(NAME)));
      JsonValue pid = value.map == null ? null : value.map.get("pid");
      return pid == null || pid.number == null
          ? Optional.empty()
          : Optional.of(
              new RunningFile(
                  pid.number.longValue(),
                  text(value, "state").orElse(""),
                  text(value, "gateway").map(URI::create),
                  text(value, "management").map(URI::create)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> text(JsonValue object, String key) {
    return Optional.ofNullable(object.map.get(key)).map(value -> value.string);
  }

  boolean isReady() {
    return state.equals("READY");
  }
}
