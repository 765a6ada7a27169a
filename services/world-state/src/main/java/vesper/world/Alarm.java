package vesper.world;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Wakes one sleeping loop early. A ring while the loop is awake makes its next sleep end at once.
final class Alarm {
  private final Semaphore rung = new Semaphore(0);

  void ring() {
    if (rung.availablePermits() == 0) {
      rung.release();
    }
  }

  /// Sleeps for a time or until the alarm rings.
  void sleep(Duration time) throws InterruptedException {
    if (rung.tryAcquire(Math.max(0, time.toNanos()), TimeUnit.NANOSECONDS)) {
      rung.drainPermits();
    }
  }
}
