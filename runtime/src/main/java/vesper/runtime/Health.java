package vesper.runtime;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at the checks each second, more often while the process is not ready, and keeps the
/// verdicts that the probes return: nobody who asks waits for a dependency.
final class Health {
  private static final Logger LOG = LoggerFactory.getLogger(Health.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration INTERVAL_AT_START = Duration.ofMillis(50);
  private static final Duration INTERVAL_NOT_READY = Duration.ofMillis(250);
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);
  private static final double JITTER = .2;

  private final InstantSource clock;
  private final MeterRegistry meters;
  private final Runnable onReady;
  private final Runnable onNotReady;
  private final List<HealthCheck> checks = new CopyOnWriteArrayList<>();
  private final Hysteresis hysteresis;
  private volatile boolean started;
  private volatile boolean draining;
  private volatile boolean ready;
  private volatile boolean stopped;
  private volatile Instant heartbeat;

  /// @param onReady called from the looking thread when the verdict becomes ready
  /// @param onNotReady the same for the opposite
  Health(
      HealthSettings settings,
      InstantSource clock,
      MeterRegistry meters,
      Runnable onReady,
      Runnable onNotReady) {
    this.hysteresis = new Hysteresis(settings);
    this.clock = clock;
    this.meters = meters;
    this.onReady = onReady;
    this.onNotReady = onNotReady;
    this.heartbeat = clock.instant();
    Gauge.builder("vesper.ready", this, health -> health.ready() ? 1 : 0)
        .description("Whether this process takes calls")
        .register(meters);
  }

  void add(String name, HealthCheck.Probe probe) {
    HealthCheck check = new HealthCheck(name, probe, clock.instant());
    checks.add(check);
    Gauge.builder("vesper.health.check", check, one -> one.result().ok() ? 1 : 0)
        .tag("check", name)
        .description("Whether a condition of being ready holds")
        .register(meters);
  }

  /// Begins to look.
  void start() {
    Thread.ofVirtual().name("health").start(this::lookUntilStopped);
  }

  void stop() {
    stopped = true;
  }

  /// Says that the process is wired.
  void started() {
    started = true;
  }

  /// Makes the verdict not ready, at once and for good.
  void drain() {
    draining = true;
    ready = false;
  }

  boolean isStarted() {
    return started;
  }

  /// Whether the process is worth keeping: the looking thread runs, no threads are deadlocked,
  /// memory did not run out.
  boolean live() {
    boolean beats = clock.instant().isBefore(heartbeat.plus(HEARTBEAT));
    return beats
        && !Liveness.ranOutOfMemory()
        && ManagementFactory.getThreadMXBean().findDeadlockedThreads() == null;
  }

  boolean ready() {
    return ready && !draining;
  }

  boolean draining() {
    return draining;
  }

  List<HealthCheck> checks() {
    return checks;
  }

  private void lookUntilStopped() {
    boolean everReady = false;
    while (!stopped) {
      look();
      everReady |= ready;
      Duration notReady = everReady ? INTERVAL_NOT_READY : INTERVAL_AT_START;
      Duration interval = ready ? INTERVAL : notReady;
      double factor = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
      LockSupport.parkNanos((long) (interval.toNanos() * factor));
    }
  }

  private void look() {
    Instant now = clock.instant();
    heartbeat = now;
    List<Thread> looks =
        checks.stream()
            .map(check -> Thread.ofVirtual().start(() -> check.look(LOOK, now)))
            .toList();
    for (Thread look : looks) {
      try {
        look.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    boolean well = started && checks.stream().allMatch(check -> check.result().ok());
    boolean verdict = hysteresis.update(well, now) && !draining;
    if (verdict == ready) {
      return;
    }
    ready = verdict;
    if (verdict) {
      LOG.atInfo().log("Ready");
      onReady.run();
    } else if (!draining) {
      LOG.atWarn().addKeyValue("failing", failing()).log("Not ready");
      onNotReady.run();
    }
  }

  private List<String> failing() {
    return checks.stream()
        .filter(check -> !check.result().ok())
        .map(check -> check.name() + " (" + check.result().lastError() + ")")
        .toList();
  }
}
