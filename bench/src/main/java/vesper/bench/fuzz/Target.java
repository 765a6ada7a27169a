package vesper.bench.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import vesper.runtime.InstallationKeys;

/// The system under attack. Of one that is only known by its gateway, nothing but the gateway is
/// attacked or watched.
///
/// @param inside what the data directory tells
record Target(URI gateway, Optional<Inside> inside) {
  /// What only the owner of a system knows.
  ///
  /// @param nats the address with its password
  /// @param pid of its main process
  /// @param log where that writes
  record Inside(URI management, URI nats, InstallationKeys keys, long pid, Path log) {}

  /// Finds the system of a data directory.
  ///
  /// @throws IOException when nothing runs there
  static Target in(Path data) throws IOException {
    Path running = data.resolve("running.json");
    if (!Files.exists(running)) {
      throw new IOException(
          "nothing runs in %s. Start it with: ./vesper up --detach".formatted(data));
    }
    JsonNode system = new ObjectMapper().readTree(Files.readString(running));
    Path address = data.resolve("nats-address");
    URI nats =
        URI.create(
            Files.exists(address)
                ? Files.readString(address).strip()
                : system.path("nats").asText());
    return new Target(
        URI.create(system.path("gateway").asText()),
        Optional.of(
            new Inside(
                URI.create(system.path("management").asText()),
                nats,
                InstallationKeys.open(data.resolve("keys")),
                system.path("pid").asLong(),
                data.resolve("logs").resolve("vesper.log"))));
  }
}
