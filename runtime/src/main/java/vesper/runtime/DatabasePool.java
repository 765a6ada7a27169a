package vesper.runtime;

import java.util.List;

/// The one pool of database connections of a process. [Host] makes it; tests of a store make their
/// own.
@SuppressWarnings("DoNotCallSuggester")
public final class DatabasePool implements AutoCloseable {
  private DatabasePool() {}

  /// Makes the pool. Does not connect: the database may be away.
  public static DatabasePool open(String jdbcUrl, String user, Secret password) {
    throw new UnsupportedOperationException(jdbcUrl + user + password);
  }

  /// Creates the schemas of these domains and brings them up to date with the scripts `db/<domain>`
  /// of the classpath.
  public void migrate(List<String> domains) {
    throw new UnsupportedOperationException(domains.toString());
  }

  /// Returns the way to the tables of one domain.
  public Database database(String domain) {
    throw new UnsupportedOperationException(domain);
  }

  /// Returns the outbox of one domain.
  public Outbox outbox(String domain) {
    throw new UnsupportedOperationException(domain);
  }

  @Override
  public void close() {}
}
