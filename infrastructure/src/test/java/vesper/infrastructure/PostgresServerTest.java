package vesper.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerTest {
  @TempDir Path data;

  @Test
  void start_again_keepsDataAndPassword() throws SQLException {
    PostgresSettings settings = PostgresSettings.in(data).withPort(0);
    try (PostgresServer server = start(settings)) {
      execute(server, "CREATE TABLE kept (line text)");
      execute(server, "INSERT INTO kept VALUES ('the bells of Gull Row')");
      assertThat(query(server, "SHOW fsync")).containsExactly("on");
      assertThat(query(server, "SHOW synchronous_commit")).containsExactly("on");
      assertThat(query(server, "SHOW server_encoding")).containsExactly("UTF8");
      assertThat(query(server, "SELECT lower('ÄÖŁ')")).containsExactly("äöł");
    }
    try (PostgresServer server = start(settings)) {
      assertThat(query(server, "SELECT line FROM kept")).containsExactly("the bells of Gull Row");
    }
  }

  private static PostgresServer start(PostgresSettings settings) {
    return PostgresServer.start(settings, new ArrayList<String>()::add);
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
