package vesper.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import vesper.runtime.Refusal;

/// The requests that run at the moment, and their bounds.
final class Admission {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Semaphore calls;
  private final Semaphore streams;
  private final Set<Visit> running = ConcurrentHashMap.newKeySet();
  private volatile boolean draining;

  Admission(int calls, int streams) {
    this.calls = new Semaphore(calls);
    this.streams = new Semaphore(streams);
  }

  /// Lets a request in, or refuses it with UNAVAILABLE.
  void enter(Visit visit) {
    if (!places(visit).tryAcquire()) {
      throw Refusal.unavailable(RETRY, "the gateway is full");
    }
    running.add(visit);
    if (draining) {
      leave(visit);
      throw Refusal.unavailable(RETRY, "the gateway is stopping");
    }
  }

  void leave(Visit visit) {
    if (running.remove(visit)) {
      places(visit).release();
      if (draining && running.isEmpty()) {
        synchronized (running) {
          running.notifyAll();
        }
      }
    }
  }

  /// Lets nobody in any more, waits for those inside, and sends away who is left after the limit.
  void drain(Duration limit) throws InterruptedException {
    draining = true;
    if (!awaitEmpty(limit)) {
      List.copyOf(running).forEach(Visit::stop);
    }
  }

  /// Waits until nobody is inside, and returns whether that came true.
  boolean awaitEmpty(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    synchronized (running) {
      while (!running.isEmpty()) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(running, left);
      }
      return true;
    }
  }

  private Semaphore places(Visit visit) {
    return visit.rpc().streams() ? streams : calls;
  }
}
