package vesper.runtime;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/// Puts a statement to the database whose answer is one number, over whatever connection there is.
@FunctionalInterface
interface Ask<X extends Exception> {
  /// Returns the number; 0 when the statement returns no row.
  long ask(String sql, Object... arguments) throws X;

  /// Asks within a transaction of JDBI.
  static Ask<RuntimeException> over(Handle handle) {
    return (sql, arguments) -> {
      Query query = handle.createQuery(sql);
      for (int i = 0; i < arguments.length; i++) {
        query.bind(i, arguments[i]);
      }
      return query.mapTo(Long.class).findOne().orElse(0L);
    };
  }

  /// Asks over a connection, each statement by itself.
  static Ask<SQLException> over(Connection connection) {
    return (sql, arguments) -> {
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        for (int i = 0; i < arguments.length; i++) {
          statement.setObject(i + 1, arguments[i]);
        }
        try (ResultSet row = statement.executeQuery()) {
          return row.next() ? row.getLong(1) : 0;
        }
      }
    };
  }
}
