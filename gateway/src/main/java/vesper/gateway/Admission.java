package vesper.gateway;

import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The requests that run at the moment, and their bounds: in this replica, and of each caller.
final class Admission {
  /// What one caller has running.
  private record Held(int calls, int streams) {
    Held plus(boolean stream, int one) {
      return stream ? new Held(calls, streams + one) : new Held(calls + one, streams);
    }

    int count(boolean stream) {
      return stream ? streams : calls;
    }
  }

  private final int callsEach;
  private final int streamsEach;
  private final Semaphore calls;
  private final Semaphore streams;
  private final Set<Visit> running = ConcurrentHashMap.newKeySet();
  private final ConcurrentHashMap<String, Held> callers = new ConcurrentHashMap<>();
  private volatile boolean draining;

  Admission(GatewayConfig config) {
    calls = new Semaphore(config.inflight());
    streams = new Semaphore(config.streams());
    callsEach = config.inflightEach();
    streamsEach = config.streamsEach();
  }

  /// Lets a request in, or refuses it with UNAVAILABLE.
  void enter(Visit visit) {
    if (!places(visit).tryAcquire()) {
      throw Overload.full();
    }
    running.add(visit);
    if (draining) {
      leave(visit);
      throw Overload.stopping();
    }
  }

  /// Counts a request that was let in among those of its caller, or refuses it with
  /// RESOURCE_EXHAUSTED.
  void count(Visit visit, String caller) {
    boolean stream = visit.rpc().streams();
    int limit = stream ? streamsEach : callsEach;
    callers.compute(
        caller,
        (_, held) -> {
          Held now = held == null ? new Held(0, 0) : held;
          if (now.count(stream) >= limit) {
            throw Overload.tooManyAtOnce(stream ? "streams" : "calls", limit);
          }
          return now.plus(stream, 1);
        });
    visit.counted(caller);
    if (!running.contains(visit)) {
      // It has left meanwhile, perhaps without seeing that it was counted.
      uncount(visit);
      throw Status.CANCELLED.asRuntimeException();
    }
  }

  void leave(Visit visit) {
    if (running.remove(visit)) {
      uncount(visit);
      places(visit).release();
      if (draining && running.isEmpty()) {
        synchronized (running) {
          running.notifyAll();
        }
      }
    }
  }

  /// Counts a request no more among those of its caller.
  void uncount(Visit visit) {
    String caller = visit.takeCaller();
    if (caller != null) {
      callers.computeIfPresent(caller, (_, held) -> without(visit, held));
    }
  }

  private static @Nullable Held without(Visit visit, Held held) {
    Held left = held.plus(visit.rpc().streams(), -1);
    return left.calls() == 0 && left.streams() == 0 ? null : left;
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
