package vesper.testing.vllm;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// How many requests run at once; others wait in order, and more than may wait are refused.
final class Slots {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Semaphore free;
  private final int total;
  private final int mostWaiting;
  private final AtomicInteger waiting = new AtomicInteger();

  Slots(int total, int mostWaiting) {
    this.free = new Semaphore(total, true);
    this.total = total;
    this.mostWaiting = mostWaiting;
  }

  /// Waits for a slot.
  void take() throws InterruptedException, Refused {
    if (free.tryAcquire(0, TimeUnit.SECONDS)) {
      return;
    }
    if (waiting.incrementAndGet() > mostWaiting) {
      waiting.decrementAndGet();
      throw Refused.fault(503, RETRY_AFTER);
    }
    try {
      free.acquire();
    } finally {
      waiting.decrementAndGet();
    }
  }

  void giveBack() {
    free.release();
  }

  int running() {
    return total - free.availablePermits();
  }

  int waiting() {
    return waiting.get();
  }
}
