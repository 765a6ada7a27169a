package vesper.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a process of `vesper run` tells about itself in the data directory: one file each.
///
/// @param process itself
/// @param services what it runs
/// @param gateway where its gateway listens, if it has one
record ReplicaFile(
    RunningSystem.Part process, List<String> services, URI management, Optional<URI> gateway) {
  private static final String NAME = "run";
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  /// Describes this process.
  static ReplicaFile ofThis(List<String> services, URI management, Optional<URI> gateway) {
    return new ReplicaFile(
        RunningSystem.Part.of(NAME, ProcessHandle.current().pid()), services, management, gateway);
  }

  /// Returns what the living processes wrote, the oldest pid first. What a killed one left is taken
  /// away.
  static List<ReplicaFile> list(DataDirectory data) {
    List<ReplicaFile> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(data.runs())) {
      for (Path file : files.filter(file -> file.toString().endsWith(".json")).toList()) {
        Optional<ReplicaFile> replica = read(file);
        if (replica.filter(each -> each.process().alive()).isPresent()) {
          found.add(replica.get());
        } else {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    found.sort((one, other) -> Long.compare(one.process().pid(), other.process().pid()));
    return found;
  }

  /// Reads a file; empty when its process has ended and taken it away.
  private static Optional<ReplicaFile> read(Path file) throws IOException {
    JsonNode root;
    try {
      root = JSON.readTree(Files.readString(file));
    } catch (NoSuchFileException ended) {
      return Optional.empty();
    }
    JsonNode process = root.path("process");
    List<String> services = new ArrayList<>();
    root.path("services").forEach(service -> services.add(service.asText()));
    return Optional.of(
        new ReplicaFile(
            new RunningSystem.Part(
                process.path("name").asText(),
                process.path("pid").asLong(),
                process.path("startTicks").asLong()),
            services,
            URI.create(root.path("management").asText()),
            Optional.of(root.path("gateway").asText())
                .filter(uri -> !uri.isEmpty())
                .map(URI::create)));
  }

  /// Writes the file and returns what deletes it.
  AutoCloseable write(DataDirectory data) throws IOException {
    Path file = data.runs().resolve(process.pid() + ".json");
    Path next = file.resolveSibling(process.pid() + ".next");
    Files.writeString(
        next,
        """
        {
          "process":
            %s,
          "services": %s,
          "management": "%s",
          "gateway": "%s"
        }
        """
            .formatted(
                process.toJson(),
                JSON.writeValueAsString(services),
                management,
                gateway.map(URI::toString).orElse("")));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return () -> Files.deleteIfExists(file);
  }
}
