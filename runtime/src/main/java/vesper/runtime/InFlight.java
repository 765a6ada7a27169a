package vesper.runtime;

import io.grpc.Status;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// The running calls of one rpc, their bound, and how long they take.
final class InFlight {
  private static final Duration SHORTEST_RETRY = Duration.ofMillis(50);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);

  /// A call counts for this share of the mean.
  private static final int SHARE = 16;

  private static final Duration RETRY_OF_A_STREAM = Duration.ofSeconds(1);

  private final int limit;
  private final boolean streams;
  private final MethodMeters meters;
  private final Counter shed;
  private final AtomicInteger running = new AtomicInteger();

  /// Mean time of recent calls, 0 for streams. A lost update of two that end together does no harm.
  private volatile long meanNanos;

  /// @param streams whether the calls are streams, which end when somebody has had enough
  InFlight(int limit, boolean streams, MethodMeters meters) {
    this.limit = limit;
    this.streams = streams;
    this.meters = meters;
    this.shed = meters.counter("shed", "Calls refused because too many were running");
    meters.gauge("inflight", running, "Calls that are running");
  }

  /// Takes a place, to be given back with [#leave]. Refuses with RESOURCE_EXHAUSTED when there is
  /// none, and with DEADLINE_EXCEEDED when more than half of the places are taken and the call has
  /// less than half of the time left that calls take: its answer would come too late, and somebody
  /// else can use the place.
  ///
  /// @param leftNanos until the deadline
  void enter(long leftNanos) {
    int before = running.getAndIncrement();
    if (before >= limit) {
      refuse();
      throw Refusal.exhausted(retry(), "too many calls are running");
    }
    if (2 * before > limit && leftNanos < meanNanos / 2) {
      refuse();
      throw Status.DEADLINE_EXCEEDED
          .withDescription("the deadline cannot be met under this load")
          .asRuntimeException();
    }
  }

  private void refuse() {
    running.decrementAndGet();
    shed.increment();
  }

  /// When a place is likely to be free: after the time that a call takes.
  private Duration retry() {
    if (streams) {
      return RETRY_OF_A_STREAM;
    }
    return Duration.ofNanos(
        Math.clamp(meanNanos, SHORTEST_RETRY.toNanos(), LONGEST_RETRY.toNanos()));
  }

  /// Gives a place back.
  ///
  /// @param nanos how long it was taken
  void leave(long nanos) {
    running.decrementAndGet();
    if (!streams) {
      long mean = meanNanos;
      meanNanos = mean == 0 ? nanos : mean + (nanos - mean) / SHARE;
    }
  }

  MethodMeters meters() {
    return meters;
  }
}
