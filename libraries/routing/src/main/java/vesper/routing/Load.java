package vesper.routing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;

/// Calls that were sent to an endpoint and have not been told about, each for at most a minute.
final class Load {
  private static final int MOST = 10_000;
  private static final Duration LASTS = Duration.ofSeconds(60);

  private final InstantSource clock;
  private final Deque<Instant> calls = new ArrayDeque<>();

  Load(InstantSource clock) {
    this.clock = clock;
  }

  synchronized void began() {
    if (calls.size() == MOST) {
      calls.removeFirst();
    }
    calls.addLast(clock.instant());
  }

  synchronized void ended() {
    calls.pollFirst();
  }

  synchronized int underWay() {
    Instant oldest = clock.instant().minus(LASTS);
    while (!calls.isEmpty() && calls.getFirst().isBefore(oldest)) {
      calls.removeFirst();
    }
    return calls.size();
  }
}
