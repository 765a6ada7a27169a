package vesper.runtime;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;

/// Opens connections to the database. After a failure the next attempt is due only after a random
/// pause, up to a bound that grows from 100 ms to 2 s, whoever asks. So a process with many callers
/// does not meet a database that comes back with many handshakes.
final class PacedDataSource extends PGSimpleDataSource {
  private static final long serialVersionUID = 1;
  private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(2);
  private static final long PATIENCE = TimeUnit.MINUTES.toNanos(1);

  // Guarded by this.
  private long bound;
  private long due;

  /// Opens a connection, for the pool: tries again for a minute, since the pool itself would wait
  /// longer after each failure, and then not notice for up to ten seconds that the database is
  /// back.
  @Override
  public Connection getConnection() throws SQLException {
    long end = System.nanoTime() + PATIENCE;
    while (true) {
      try {
        return tryConnection();
      } catch (SQLException e) {
        // What no waiting heals, such as a wrong password, is told at once.
        if (!Database.isAway(e) || !awaitDue(end)) {
          throw e;
        }
      }
    }
  }

  /// Opens a connection, and fails at once when the next attempt is not due.
  Connection tryConnection() throws SQLException {
    if (!isDue()) {
      // Class 08: connection.
      throw new SQLException("the database is away, and the next attempt is not due", "08001");
    }
    try {
      Connection connection = super.getConnection();
      succeeded();
      return connection;
    } catch (SQLException e) {
      failed();
      throw e;
    }
  }

  /// Whether somebody may try now; after a failure one at a time.
  private synchronized boolean isDue() {
    if (bound == 0) {
      return true;
    }
    if (System.nanoTime() - due < 0) {
      return false;
    }
    due = System.nanoTime() + bound;
    return true;
  }

  /// Waits until the next attempt is due or somebody's succeeded; false when that is too late or
  /// the thread was interrupted.
  private synchronized boolean awaitDue(long end) {
    try {
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        if (due - end > 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
      return true;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private synchronized void succeeded() {
    bound = 0;
    due = System.nanoTime();
    notifyAll();
  }

  private synchronized void failed() {
    bound = bound == 0 ? 2 * SHORTEST : Math.min(2 * bound, LONGEST);
    due = System.nanoTime() + ThreadLocalRandom.current().nextLong(SHORTEST, bound);
  }
}
