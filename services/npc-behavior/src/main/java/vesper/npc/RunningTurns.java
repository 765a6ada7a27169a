package vesper.npc;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vesper.runtime.Database;

/// Turns that this process is answering: keeps their claims alive, so that a claim may end soon
/// after the process that made it died. It does so as long as there are any, also while the process
/// stops.
final class RunningTurns {
  /// How long a claim that is made or renewed now keeps others away.
  static final Duration CLAIM = Duration.ofSeconds(4);

  private static final Logger LOG = LoggerFactory.getLogger(RunningTurns.class);
  private static final Duration BETWEEN = Duration.ofSeconds(1);

  private final Database database;
  private final Set<String> holders = ConcurrentHashMap.newKeySet();
  private boolean renewing;

  RunningTurns(Database database) {
    this.database = database;
  }

  /// Notes a claim that was made.
  synchronized void begun(String holder) {
    holders.add(holder);
    if (!renewing) {
      renewing = true;
      Thread.ofVirtual().name("npc/running-turns").start(this::renewUntilNone);
    }
  }

  /// Forgets a claim that is given back.
  void ended(String holder) {
    holders.remove(holder);
  }

  private void renewUntilNone() {
    do {
      LockSupport.parkNanos(BETWEEN.toNanos());
      try {
        renew();
      } catch (RuntimeException | Error e) {
        // While the database is away nobody else can take a claim either.
        LOG.atDebug().setCause(e).log("The claims of turns were not renewed");
      }
    } while (goesOn());
  }

  private synchronized boolean goesOn() {
    renewing = !holders.isEmpty();
    return renewing;
  }

  /// Renews what is held now.
  void renew() {
    List<String> running = List.copyOf(holders);
    if (!running.isEmpty()) {
      database.run("turn.renew", handle -> TalkTable.renew(handle, running, CLAIM));
    }
  }
}
