package vesper.transport;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Counts the calls a server runs and bounds them.
final class Admission {
  private final AtomicInteger running = new AtomicInteger();
  private final int limit;
  private volatile @Nullable Thread waiter;

  Admission(int limit) {
    this.limit = limit;
  }

  /// Takes a call in, or returns false when the server is full.
  boolean enter() {
    if (running.incrementAndGet() > limit) {
      exit();
      return false;
    }
    return true;
  }

  void exit() {
    if (running.decrementAndGet() == 0) {
      Thread waiting = waiter;
      if (waiting != null) {
        LockSupport.unpark(waiting);
      }
    }
  }

  int running() {
    return running.get();
  }

  /// Waits until no call runs; one thread at a time.
  ///
  /// @return false when the time was up or the thread interrupted
  boolean awaitIdle(long nanos) {
    long due = System.nanoTime() + nanos;
    waiter = Thread.currentThread();
    try {
      while (running.get() > 0) {
        long left = due - System.nanoTime();
        if (left <= 0 || Thread.currentThread().isInterrupted()) {
          return false;
        }
        LockSupport.parkNanos(this, left);
      }
      return true;
    } finally {
      waiter = null;
    }
  }
}
