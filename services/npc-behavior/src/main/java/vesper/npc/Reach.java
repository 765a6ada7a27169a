package vesper.npc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// Whether another service is worth asking: after nobody was there it is left alone for a while, so
/// that talks do not wait for it. For many threads at a time.
final class Reach {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final AtomicLong awayUntil = new AtomicLong(Long.MIN_VALUE);
  private volatile boolean answered;

  boolean isWorthAsking() {
    long until = awayUntil.get();
    return until == Long.MIN_VALUE || System.nanoTime() - until >= 0;
  }

  /// Whether it has ever answered: the first answer may take longer.
  boolean hasAnswered() {
    return answered;
  }

  void answered() {
    answered = true;
    awayUntil.set(Long.MIN_VALUE);
  }

  /// Notes a failed call.
  void failed(StatusRuntimeException failure) {
    if (failure.getStatus().getCode() == Status.Code.UNAVAILABLE) {
      awayUntil.set(System.nanoTime() + PAUSE.toNanos());
    }
  }
}
