package vesper.auth;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import vesper.runtime.Database;
import vesper.runtime.DatabasePool;
import vesper.runtime.Secret;
import vesper.testing.TestDatabase;

/// The schema `auth` of a test, and a look into it.
final class AuthTables implements AutoCloseable {
  private final DatabasePool pool;
  private final TestDatabase test;

  private AuthTables(DatabasePool pool, TestDatabase test) {
    this.pool = pool;
    this.test = test;
  }

  static AuthTables migrated(TestDatabase test) {
    DatabasePool pool = DatabasePool.open(test.jdbcUrl(), test.user(), new Secret(test.password()));
    pool.migrate(List.of("auth"));
    return new AuthTables(pool, test);
  }

  Database database() {
    return pool.database("auth");
  }

  AuthStore store() {
    return new PostgresAuthStore(database(), pool.outbox("auth"));
  }

  KeyRing keys(String masterSecret) {
    return new SigningKeyStore(database(), new KeySeal(MasterSecret.of(masterSecret))).read();
  }

  long count(String from) {
    return database()
        .read(
            "test.count",
            handle -> handle.createQuery("select count(*) from " + from).mapTo(Long.class).one());
  }

  void execute(String sql) {
    database().run("test.execute", handle -> handle.execute(sql));
  }

  /// Keeps everybody else from a table until closed.
  Connection lock(String table) throws SQLException {
    Connection connection = test.dataSource().getConnection();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("lock table " + table + " in access exclusive mode");
    }
    return connection;
  }

  /// Returns the events of one name in the order they were taken.
  <M extends Message> List<M> events(String name, Parser<M> parser)
      throws InvalidProtocolBufferException {
    List<byte[]> payloads =
        database()
            .read(
                "test.events",
                handle ->
                    handle
                        .createQuery(
                            "select payload from auth.outbox where subject = :subject order by seq")
                        .bind("subject", "evt.auth." + name + ".v1._")
                        .mapTo(byte[].class)
                        .list());
    List<M> events = new ArrayList<>();
    for (byte[] payload : payloads) {
      events.add(parser.parseFrom(payload));
    }
    return events;
  }

  @Override
  public void close() {
    pool.close();
  }
}
