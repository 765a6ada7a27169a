package vesper.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Runs loops, each on a virtual thread, and starts them again when they throw.
final class Workers implements Stopping {
  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
  private static final long SHORTEST_PAUSE = 100;
  private static final long LONGEST_PAUSE = 30_000;
  private static final long LONGEST_PAUSE_OF_AN_OUTAGE = 1_000;

  private final CountDownLatch stopping = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();

  /// Starts a loop.
  ///
  /// @param service whose loop it is
  synchronized void start(String service, Worker worker) {
    if (requested()) {
      return;
    }
    threads.add(
        Thread.ofVirtual()
            .name(service + "/" + worker.name())
            .start(() -> runUntilStopped(service, worker)));
  }

  /// Asks the loops to end, and with them what they feed, such as streams without an end of their
  /// own.
  void announceStop() {
    stopping.countDown();
  }

  /// Asks the loops to end, waits, and interrupts those that do not.
  void stop(Duration limit) {
    announceStop();
    long end = System.nanoTime() + limit.toNanos();
    List<Thread> running;
    synchronized (this) {
      running = List.copyOf(threads);
    }
    try {
      for (Thread thread : running) {
        long left = Math.max(1, end - System.nanoTime());
        if (!thread.join(Duration.ofNanos(left))) {
          LOG.atWarn().addKeyValue("loop", thread.getName()).log("A loop did not end in time");
          thread.interrupt();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean requested() {
    return stopping.getCount() == 0;
  }

  @Override
  public boolean await(Duration time) throws InterruptedException {
    return stopping.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void runUntilStopped(String service, Worker worker) {
    MDC.put(LogFields.SERVICE, service);
    long pause = SHORTEST_PAUSE;
    boolean outage = false;
    try {
      while (!requested()) {
        long started = System.nanoTime();
        try {
          worker.run(this);
          return;
        } catch (Exception e) {
          if (requested()) {
            return;
          }
          outage = note(worker, e, outage);
        }
        boolean ranLong = System.nanoTime() - started > Duration.ofMillis(LONGEST_PAUSE).toNanos();
        long longest = outage ? LONGEST_PAUSE_OF_AN_OUTAGE : LONGEST_PAUSE;
        pause = ranLong ? SHORTEST_PAUSE : Math.min(2 * pause, longest);
        await(Duration.ofMillis(ThreadLocalRandom.current().nextLong(pause / 2, pause)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      MDC.clear();
    }
  }

  // What waiting heals is told once, in a line; returns whether it is that.
  private static boolean note(Worker worker, Exception failure, boolean noted) {
    boolean outage = Outage.heals(failure);
    if (!outage) {
      LOG.atError()
          .setCause(failure)
          .addKeyValue("loop", worker.name())
          .log("A loop failed and starts again");
    } else if (!noted) {
      LOG.atWarn()
          .addKeyValue("loop", worker.name())
          .addKeyValue("cause", failure.getMessage())
          .log("A loop waits for what it needs");
    }
    return outage;
  }
}
