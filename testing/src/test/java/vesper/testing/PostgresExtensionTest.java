package vesper.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class PostgresExtensionTest {
  private final TestDatabase ofTheClass;

  PostgresExtensionTest(TestDatabase database) {
    ofTheClass = database;
  }

  @Test
  void database_isTheSameForTheWholeClass(TestDatabase database) {
    assertThat(database).isSameAs(ofTheClass);
  }

  @Test
  void dataSource_letsTheOwnerIn(TestDatabase database) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA npc");
      statement.execute("CREATE EXTENSION pg_trgm");
      try (ResultSet rows = statement.executeQuery("SELECT current_user")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getString(1)).isEqualTo(database.user());
      }
    }
    try (Connection connection =
        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password())) {
      assertThat(connection.isValid(10)).isTrue();
    }
  }

  @Test
  void create_givesAnotherDatabase_droppedWhenClosedThoughInUse() throws SQLException {
    TestDatabase other = TestDatabase.create();
    assertThat(other.jdbcUrl()).isNotEqualTo(ofTheClass.jdbcUrl());
    try (Connection open = other.dataSource().getConnection()) {
      other.close();
      other.close();
      assertThat(open.isValid(10)).isFalse();
    }
    assertThatThrownBy(() -> other.dataSource().getConnection())
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("does not exist");
  }

  @Nested
  class Inside {
    @Test
    void nestedClass_sharesTheDatabase(TestDatabase database) {
      assertThat(database).isSameAs(ofTheClass);
    }
  }
}
