package vesper.ai;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Wakes one waiting thread. A ring while it does not wait makes its next wait end at once.
final class Alarm {
  private final Semaphore rung = new Semaphore(0);

  void ring() {
    if (rung.availablePermits() == 0) {
      rung.release();
    }
  }

  /// Waits for a time or until the alarm rings.
  void await(long nanos) throws InterruptedException {
    if (rung.tryAcquire(Math.max(0, nanos), TimeUnit.NANOSECONDS)) {
      rung.drainPermits();
    }
  }
}
