package vesper.infrastructure;

import java.nio.file.Path;

/// How a PostgreSQL server is run.
///
/// @param data the data folder; the server uses `postgres/` and `logs/postgres.log` in it
/// @param cache where the unpacked binaries are kept between runs
/// @param port the wished port on loopback; a free one when it is taken or 0
/// @param disposable speed before durability, and the server dies with its owner: for tests
public record PostgresSettings(Path data, Path cache, int port, boolean disposable) {
  /// PostgreSQL's own port.
  public static final int DEFAULT_PORT = 5432;

  /// Checks the port.
  public PostgresSettings {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port must be 0 to 65535 and is " + port);
    }
  }

  /// A durable server with its data in the folder.
  public static PostgresSettings in(Path data) {
    return new PostgresSettings(data.toAbsolutePath(), Host.cache(), DEFAULT_PORT, false);
  }

  /// A fast server on a free port that dies with its owner.
  public static PostgresSettings disposable(Path data) {
    return new PostgresSettings(data.toAbsolutePath(), Host.cache(), 0, true);
  }

  /// The same with another wished port.
  public PostgresSettings withPort(int wished) {
    return new PostgresSettings(data, cache, wished, disposable);
  }

  /// The same with another cache folder.
  public PostgresSettings withCache(Path folder) {
    return new PostgresSettings(data, folder.toAbsolutePath(), port, disposable);
  }

  Path folder() {
    return data.resolve("postgres");
  }

  /// What PostgreSQL calls its data directory.
  Path cluster() {
    return folder().resolve("cluster");
  }

  Path log() {
    return data.resolve("logs").resolve("postgres.log");
  }
}
