package vesper.infrastructure;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;

/// How PostgreSQL is asked and stopped.
record PostgresProgram(PostgresCluster cluster, String superuserPassword, String password)
    implements ServerProgram {
  private static final Duration FAST_PATIENCE = Duration.ofSeconds(30);
  private static final Duration QUIT_PATIENCE = Duration.ofSeconds(10);
  private static final int CONNECT_SECONDS = 2;
  private static final int ANSWER_SECONDS = 10;

  @Override
  public String name() {
    return PostgresCluster.PROGRAM;
  }

  @Override
  public Path folder() {
    return cluster.settings().folder();
  }

  @Override
  public Path log() {
    return cluster.settings().log();
  }

  @Override
  public List<String> command(int port) {
    return cluster.command(port);
  }

  @Override
  public boolean answers(int port) {
    try (Connection connection = connect(port)) {
      return connection.isValid(ANSWER_SECONDS);
    } catch (SQLException e) {
      return false;
    }
  }

  @Override
  public boolean mayAdopt(int port) {
    return answers(port);
  }

  @Override
  public String portTaken() {
    return "Address already in use";
  }

  @Override
  public String remainsOfACrash() {
    return "pre-existing shared memory block";
  }

  @Override
  public Optional<ServerRecord> selfRecorded() {
    return cluster.postmaster();
  }

  @Override
  public Duration startDeadline() {
    return Duration.ofMinutes(2);
  }

  /// SIGINT is PostgreSQL's fast stop, which ends sessions; SIGTERM would wait for them. Data that
  /// nobody will read again need not even be written.
  @Override
  public void stop(OwnedProcess process) {
    if (cluster.settings().disposable() || !process.signal("INT", FAST_PATIENCE)) {
      process.stop("QUIT", QUIT_PATIENCE);
    }
  }

  /// Makes the role and the database of the services; done again it changes nothing.
  void prepare(int port) {
    String name = PostgresServer.NAME;
    try (Connection connection = connect(port);
        Statement statement = connection.createStatement()) {
      if (!exists(statement, "SELECT 1 FROM pg_roles WHERE rolname = '" + name + "'")) {
        statement.execute("CREATE ROLE " + name + " LOGIN CREATEDB");
      }
      statement.execute("ALTER ROLE " + name + " PASSWORD '" + password + "'");
      if (!exists(statement, "SELECT 1 FROM pg_database WHERE datname = '" + name + "'")) {
        statement.execute("CREATE DATABASE " + name + " OWNER " + name);
      }
    } catch (SQLException e) {
      throw new InfrastructureException(
          "Cannot make the database " + name + ": " + e.getMessage(), e);
    }
  }

  private static boolean exists(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      return rows.next();
    }
  }

  private Connection connect(int port) throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {"127.0.0.1"});
    source.setPortNumbers(new int[] {port});
    source.setDatabaseName("postgres");
    source.setUser(PostgresCluster.SUPERUSER);
    source.setPassword(superuserPassword);
    source.setConnectTimeout(CONNECT_SECONDS);
    source.setSocketTimeout(ANSWER_SECONDS);
    return source.getConnection();
  }

  @Override
  public String toString() {
    return "PostgreSQL in " + cluster.settings().folder();
  }
}
