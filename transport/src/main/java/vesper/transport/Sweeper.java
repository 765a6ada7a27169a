package vesper.transport;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One daemon thread that ends what is overdue: deadlines, silent streams, heartbeats.
///
/// A call costs it nothing but a comparison: the thread sleeps until the earliest moment that any
/// source named, then looks through the open calls of all sources. It is the only timer here.
final class Sweeper {
  static final Sweeper SHARED = new Sweeper();

  /// What is swept: a table of open calls.
  interface Source {
    /// Ends what is due.
    ///
    /// @param now the current [System#nanoTime]
    /// @return the nano time of the next due entry; anything later than now
    long sweep(long now);
  }

  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
  private static final long FAR = 1L << 60;

  /// Sweeps are at least this far apart; it is also about how late a deadline fires.
  private static final long TICK = 1_000_000;

  private final List<Source> sources = new CopyOnWriteArrayList<>();
  private final AtomicLong wakeAt = new AtomicLong(System.nanoTime() + FAR);
  private final Thread thread;
  private volatile boolean asleep;

  private Sweeper() {
    thread = Thread.ofPlatform().daemon().name("vesper-sweeper").unstarted(this::loop);
    thread.start();
  }

  void add(Source source) {
    sources.add(source);
    wakeBy(System.nanoTime());
  }

  void remove(Source source) {
    sources.remove(source);
  }

  /// Makes sure that the sources are looked through at this nano time or before.
  void wakeBy(long due) {
    long planned = wakeAt.get();
    while (due - planned < 0) {
      if (wakeAt.compareAndSet(planned, due)) {
        if (asleep) {
          LockSupport.unpark(thread);
        }
        return;
      }
      planned = wakeAt.get();
    }
  }

  private void loop() {
    long earliest = System.nanoTime();
    while (true) {
      if (waitFrom(earliest) > 0) {
        asleep = true;
        // A wakeBy between the first look and the flag has not unparked: look again.
        LockSupport.parkNanos(this, waitFrom(earliest));
        asleep = false;
      } else {
        sweep();
        earliest = System.nanoTime() + TICK;
      }
    }
  }

  private long waitFrom(long earliest) {
    long now = System.nanoTime();
    return Math.max(wakeAt.get() - now, earliest - now);
  }

  private void sweep() {
    long now = System.nanoTime();
    wakeAt.set(now + FAR);
    for (Source source : sources) {
      try {
        wakeBy(source.sweep(now));
      } catch (RuntimeException e) {
        LOG.atError().setCause(e).log("A sweep failed");
        wakeBy(now + 1_000_000_000L);
      }
    }
  }
}
