package vesper.runtime;

import java.io.OutputStream;
import java.time.Duration;
import java.util.List;

/// A process that writes under a lease, to be stopped and woken by a test: `JDBC_URL USER
/// PASSWORD`. It writes its process id into the rows of the table `time.written`, numbered by the
/// database.
final class PausedHolder {
  static final LeaseSettings LEASE =
      new LeaseSettings(Duration.ofMillis(1_000), Duration.ofMillis(200));
  private static final Duration BETWEEN = Duration.ofMillis(5);

  private PausedHolder() {}

  public static void main(String[] arguments) throws Exception {
    try (DatabasePool pool =
        DatabasePool.open(arguments[0], arguments[1], new Secret(arguments[2]))) {
      Workers workers = new Workers();
      workers.start("test", writer(pool, Long.toString(ProcessHandle.current().pid())));
      // Until the test closes the pipe.
      System.in.transferTo(OutputStream.nullOutputStream());
      workers.stop(Duration.ofSeconds(10));
    }
  }

  /// Writes row after row while it holds the lease.
  static Worker writer(DatabasePool pool, String writer) {
    Database database = pool.database("time");
    return pool.leases("time", LEASE)
        .worker(
            "writer",
            (lease, stop) -> {
              while (!stop.await(BETWEEN)) {
                database.run(
                    "written.add",
                    transaction -> {
                      lease.check(transaction);
                      transaction.execute(
                          "insert into time.written (writer, fence) values (?, ?)",
                          writer,
                          lease.fence());
                    });
              }
            });
  }

  static void createTable(DatabasePool pool) {
    pool.migrate(List.of("time"));
    pool.database("time")
        .run(
            "written.create",
            handle -> {
              handle.execute("truncate time.lease");
              handle.execute("drop table if exists time.written");
              handle.execute(
                  """
                  create table time.written (
                    n bigint generated always as identity, writer text, fence bigint)
                  """);
            });
  }
}
