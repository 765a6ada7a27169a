package vesper.bench.fault;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Counts how often the processes say another thing about being ready than before.
final class ReadinessWatch implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(200);

  private final List<Replica> replicas;
  private final Map<String, Seen> seen = new TreeMap<>();
  private final Thread thread = Thread.ofVirtual().unstarted(this::watch);
  private volatile boolean stopped;

  private record Seen(boolean ready, int changes) {}

  private ReadinessWatch(List<Replica> replicas) {
    this.replicas = replicas;
  }

  /// Starts to watch processes that are ready now.
  static ReadinessWatch start(List<Replica> replicas) {
    ReadinessWatch watch = new ReadinessWatch(replicas);
    replicas.forEach(replica -> watch.seen.put(replica.name(), new Seen(true, 0)));
    watch.thread.start();
    return watch;
  }

  private void watch() {
    try {
      while (!stopped) {
        for (Replica replica : replicas) {
          note(replica.name(), Probe.ready(replica.management()));
        }
        Thread.sleep(INTERVAL);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void note(String name, boolean ready) {
    seen.computeIfPresent(
        name,
        (_, before) -> before.ready() == ready ? before : new Seen(ready, before.changes() + 1));
  }

  /// The most changes of one process.
  synchronized int mostChanges() {
    return seen.values().stream().mapToInt(Seen::changes).max().orElse(0);
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
