package vesper.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// One condition of being ready, looked at in the background.
final class HealthCheck {
  private final String name;
  private final Probe probe;
  private final AtomicBoolean running = new AtomicBoolean();
  private volatile Result result;

  HealthCheck(String name, Probe probe, Instant now) {
    this.name = name;
    this.probe = probe;
    this.result = new Result(false, now, "NotLookedAt");
  }

  /// Looks at something, and throws when it is not well.
  @FunctionalInterface
  interface Probe {
    void check() throws Exception;
  }

  /// @param since when it became so
  /// @param lastError class of the last failure, empty when there was none
  record Result(boolean ok, Instant since, String lastError) {}

  String name() {
    return name;
  }

  Result result() {
    return result;
  }

  /// Looks, for at most a while. A look that still runs from before counts as a failure.
  void look(Duration limit, Instant now) {
    if (!running.compareAndSet(false, true)) {
      failed("Timeout", now);
      return;
    }
    CountDownLatch done = new CountDownLatch(1);
    Thread.ofVirtual()
        .name("health-" + name)
        .start(() -> {
          try {
            probe.check();
            succeeded(now);
          } catch (Exception e) {
            failed(e.getClass().getSimpleName(), now);
          } finally {
            running.set(false);
            done.countDown();
          }
        });
    try {
      if (!done.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        failed("Timeout", now);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void succeeded(Instant now) {
    Result before = result;
    result = new Result(true, before.ok() ? before.since() : now, before.lastError());
  }

  private void failed(String error, Instant now) {
    Result before = result;
    result = new Result(false, before.ok() ? now : before.since(), error);
  }
}
