package vesper.npc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import vesper.runtime.Refusal;

/// The right to use the database for a turn, which a bounded number has at the same time. A reader
/// that is slow to take the answer holds no place.
final class Places {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Semaphore places;
  private final Duration patience;

  Places(int atOnce, Duration patience) {
    this.places = new Semaphore(atOnce, true);
    this.patience = patience;
  }

  /// Does something when it is this caller's turn.
  ///
  /// @throws StatusRuntimeException RESOURCE_EXHAUSTED when that takes too long
  <T> T within(Supplier<T> work) {
    try {
      if (!places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw Refusal.exhausted(RETRY, "too many people talk at once");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw stopping();
    }
    try {
      return work.get();
    } finally {
      places.release();
    }
  }

  static StatusRuntimeException stopping() {
    return Status.CANCELLED.withDescription("the server stops").asRuntimeException();
  }
}
