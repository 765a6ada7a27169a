package vesper.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.UUID;
import javax.sql.DataSource;

/// An empty database of its own on the shared PostgreSQL, dropped when closed.
public final class TestDatabase implements AutoCloseable {
  private static final String ADMIN_DATABASE = "postgres";

  private final DatabaseServer server;
  private final String name;

  private TestDatabase(DatabaseServer server, String name) {
    this.server = server;
    this.name = name;
  }

  /// Creates a database; for tests without [PostgresExtension], which must close it.
  public static TestDatabase create() {
    TestDatabase database =
        new TestDatabase(
            SharedServers.postgres(),
            "test_" + UUID.randomUUID().toString().replace("-", "").toLowerCase(Locale.ROOT));
    database.execute("CREATE DATABASE " + database.name);
    return database;
  }

  /// The JDBC address, without user and password.
  public String jdbcUrl() {
    return "jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + name;
  }

  /// The role that owns the database.
  public String user() {
    return server.user();
  }

  /// The role's password.
  public String password() {
    return server.password();
  }

  /// Gives a new connection at each call; no pool.
  public DataSource dataSource() {
    return server.database(name);
  }

  /// Drops the database, ending its sessions. Closing again does nothing.
  @Override
  public void close() {
    execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
  }

  private void execute(String sql) {
    try (Connection connection = server.database(ADMIN_DATABASE).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException("The test PostgreSQL at " + server + " failed at: " + sql, e);
    }
  }

  @Override
  public String toString() {
    return jdbcUrl();
  }
}
