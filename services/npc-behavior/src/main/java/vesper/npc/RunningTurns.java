package vesper.npc;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import vesper.runtime.Database;
import vesper.runtime.Stopping;
import vesper.runtime.Worker;

/// Turns that this process is answering: keeps their claims alive, so that a claim may end soon
/// after the process that made it died.
final class RunningTurns implements Worker {
  private static final Duration CLAIM = Duration.ofSeconds(4);
  private static final Duration BETWEEN = Duration.ofSeconds(1);

  private final Database database;
  private final InstantSource clock;
  private final Set<String> holders = ConcurrentHashMap.newKeySet();

  RunningTurns(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /// Until when a claim that is made or renewed now keeps others away.
  static Instant end(Instant now) {
    return now.plus(CLAIM);
  }

  /// Notes a claim that was made.
  void begun(String holder) {
    holders.add(holder);
  }

  /// Forgets a claim that is given back.
  void ended(String holder) {
    holders.remove(holder);
  }

  @Override
  public String name() {
    return "running-turns";
  }

  /// Renews until it is stopped and the last turn has ended.
  @Override
  public void run(Stopping stop) throws InterruptedException {
    while (!stop.await(BETWEEN)) {
      renew();
    }
    while (!holders.isEmpty()) {
      renew();
      Thread.sleep(BETWEEN);
    }
  }

  private void renew() {
    List<String> running = List.copyOf(holders);
    if (!running.isEmpty()) {
      database.run("turn.renew", handle -> TalkTable.renew(handle, running, end(clock.instant())));
    }
  }
}
