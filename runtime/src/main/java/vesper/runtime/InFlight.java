package vesper.runtime;

import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// The running calls of one rpc, and their bound.
final class InFlight {
  private static final Duration RETRY = Duration.ofMillis(100);

  private final int limit;
  private final MethodMeters meters;
  private final Counter shed;
  private final AtomicInteger running = new AtomicInteger();

  InFlight(int limit, MethodMeters meters) {
    this.limit = limit;
    this.meters = meters;
    this.shed = meters.counter("shed", "Calls refused because too many were running");
    meters.gauge("inflight", running, "Calls that are running");
  }

  /// Takes a place, to be given back with [#leave], or refuses with RESOURCE_EXHAUSTED.
  void enter() {
    if (running.incrementAndGet() > limit) {
      running.decrementAndGet();
      shed.increment();
      throw Refusal.exhausted(RETRY, "too many calls are running");
    }
  }

  void leave() {
    running.decrementAndGet();
  }

  MethodMeters meters() {
    return meters;
  }
}
