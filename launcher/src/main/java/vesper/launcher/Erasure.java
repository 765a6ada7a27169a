package vesper.launcher;

import java.io.IOException;
import java.util.List;
import vesper.infrastructure.NatsServer;
import vesper.infrastructure.NatsSettings;
import vesper.infrastructure.PostgresServer;
import vesper.infrastructure.PostgresSettings;

/// Deletes what a system keeps: databases, streams, keys and players. Logs stay.
final class Erasure {
  private static final List<String> KEPT_DATA = List.of("nats", "postgres", "keys", "players");

  static void erase(DataDirectory data) throws IOException {
    NatsServer.stopLeft(NatsSettings.in(data.root()));
    PostgresServer.stopLeft(PostgresSettings.in(data.root()));
    for (String name : KEPT_DATA) {
      Trees.delete(data.root().resolve(name));
    }
  }

  private Erasure() {}
}
