package vesper.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerTest {
  @TempDir Path data;

  @Test
  void start_durable_keepsDataThroughStopAndCrash() throws SQLException {
    PostgresSettings settings = PostgresSettings.in(data).withPort(0);
    try (PostgresServer server = start(settings)) {
      execute(server, "CREATE TABLE kept (line text)");
      execute(server, "INSERT INTO kept VALUES ('the bells of Gull Row')");
      for (String setting :
          List.of("fsync", "synchronous_commit", "full_page_writes", "autovacuum")) {
        assertThat(query(server, "SHOW " + setting)).as(setting).containsExactly("on");
      }
      assertThat(query(server, "SHOW data_checksums")).containsExactly("on");
      assertThat(query(server, "SHOW server_encoding")).containsExactly("UTF8");
      assertThat(query(server, "SHOW jit")).containsExactly("off");
      assertThat(query(server, "SELECT lower('ÄÖŁ')")).containsExactly("äöł");
      assertThat(query(server, "SELECT 'Z' < 'a'")).containsExactly("t");
    }
    PostgresServer again = start(settings);
    execute(again, "INSERT INTO kept VALUES ('and the fog behind them')");
    again.kill();
    assertThat(again.isAlive()).isFalse();
    try (PostgresServer server = start(settings)) {
      assertThat(query(server, "SELECT line FROM kept ORDER BY 1 DESC"))
          .containsExactly("the bells of Gull Row", "and the fog behind them");
    }
  }

  @Test
  void start_disposable_isFastAndKeepsItsSecrets() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        PostgresServer server =
            start(PostgresSettings.disposable(data).withPort(taken.getLocalPort()))) {
      assertThat(server.port()).isNotEqualTo(taken.getLocalPort());
      assertThat(query(server, "SHOW fsync")).containsExactly("off");
      assertThat(query(server, "SHOW autovacuum")).containsExactly("off");
      assertThat(query(server, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
          .containsExactly("f");
      assertThatThrownBy(
              () -> DriverManager.getConnection(server.jdbcUrl(), server.user(), "wrong"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("password authentication failed");
      assertThat(server.toString()).doesNotContain(server.password());
      for (String secret : List.of("password", "superuser-password")) {
        Path file = data.resolve("postgres").resolve(secret);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .isEqualTo("rw-------");
      }
      assertThat(data.resolve("postgres/initial-password")).doesNotExist();
      assertThat(Files.readString(server.log())).contains("ready to accept connections");
      assertThatThrownBy(() -> start(PostgresSettings.disposable(data)))
          .isInstanceOf(InfrastructureException.class)
          .hasMessageContaining("is in use by another running Vesper");
    }
  }

  @Test
  void start_asNobodyForRoot_runsToo() throws Exception {
    Path folder = Files.createDirectories(data.resolve("enterable"));
    for (Path entered : List.of(data, folder)) {
      Files.setPosixFilePermissions(entered, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    RunAs ordinary = new RunAs(List.of(), Optional.empty());
    RunAs way = RunAs.asNobody(folder).orElse(ordinary);
    assertThat(way.equals(ordinary)).isEqualTo(!Host.isRoot());
    PostgresSettings settings = PostgresSettings.disposable(folder);
    try (PostgresServer server = PostgresServer.start(settings, _ -> way, _ -> {})) {
      assertThat(query(server, "SELECT 1")).containsExactly("1");
    }
    try (PostgresServer server = start(settings)) {
      assertThat(query(server, "SELECT 1")).containsExactly("1");
    }
  }

  @Test
  void start_dataOfAnotherVersion_saysWhatToDo() throws IOException {
    PostgresSettings settings = PostgresSettings.disposable(data);
    Files.createDirectories(settings.cluster());
    Files.writeString(settings.cluster().resolve("PG_VERSION"), "12\n");
    assertThatThrownBy(() -> start(settings))
        .isInstanceOf(InfrastructureException.class)
        .hasMessageContaining("holds data of PostgreSQL 12 and this is PostgreSQL 18")
        .hasMessageContaining("pg_dump");
  }

  @Test
  void start_damagedData_showsTheEndOfTheLog() throws IOException {
    PostgresSettings settings = PostgresSettings.disposable(data);
    start(settings).close();
    Files.delete(settings.cluster().resolve("global/pg_control"));
    assertThatThrownBy(() -> start(settings))
        .isInstanceOf(InfrastructureException.class)
        .hasMessageStartingWith("postgres ended while starting; its log " + settings.log())
        .hasMessageContaining("could not find the database system");
    assertThat(data.resolve("postgres/process")).doesNotExist();
  }

  @Test
  void runAs_neverGivesRoot() {
    Command.Outcome outcome =
        Command.run(data, Duration.ofSeconds(30), RunAs.choose(data).command(List.of("id", "-u")));
    assertThat(outcome.output()).matches("[1-9][0-9]*");
  }

  private static PostgresServer start(PostgresSettings settings) {
    return PostgresServer.start(settings, _ -> {});
  }

  private static void execute(PostgresServer server, String sql) throws SQLException {
    try (Connection connection = connect(server);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<String> query(PostgresServer server, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = connect(server);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }

  private static Connection connect(PostgresServer server) throws SQLException {
    return DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password());
  }
}
