package vesper.time;

import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import vesper.runtime.Lease;
import vesper.runtime.Leases;
import vesper.runtime.Outage;
import vesper.runtime.Stopping;

/// Announces boundaries when clocks reach them, at the one replica that holds the lease. It sleeps
/// until the next boundary and is woken by changes of clocks. Whoever holds the lease also sends
/// the live ticks.
final class Announcer implements Leases.Work {
  static final String LEASE = "announcer";
  private static final Duration LONGEST_SLEEP = Duration.ofMillis(500);
  private static final long CLEANING_NANOS = Duration.ofHours(1).toNanos();

  private final Timekeeper timekeeper;
  private final ClockStore store;
  private final TimeConfig config;
  private final Alarm alarm = new Alarm();
  private volatile @Nullable Lease current;

  Announcer(Timekeeper timekeeper, ClockStore store, TimeConfig config) {
    this.timekeeper = timekeeper;
    this.store = store;
    this.config = config;
    timekeeper.whenChanged(alarm::ring);
  }

  /// Whether this replica is the one that announces, as far as it knows.
  boolean announces() {
    Lease lease = current;
    return lease != null && lease.held();
  }

  @Override
  public void run(Lease lease, Stopping stop) throws InterruptedException {
    Map<WorldClock, Long> announced = new HashMap<>();
    Outage outage = new Outage(LEASE);
    long cleaned = System.nanoTime() - CLEANING_NANOS;
    current = lease;
    while (!stop.requested()) {
      Duration sleep;
      try {
        sleep = announceDue(lease, announced);
        if (System.nanoTime() - cleaned >= CLEANING_NANOS) {
          store.forgetBoundaries(lease, config.keepBoundaries());
          cleaned = System.nanoTime();
        }
        outage.over();
      } catch (StatusRuntimeException failure) {
        sleep = outage.pause(failure);
      }
      alarm.sleep(sleep);
    }
  }

  /// Announces what is due in all worlds, and returns how long nothing will be.
  private Duration announceDue(Lease lease, Map<WorldClock, Long> announced) {
    Duration wait = LONGEST_SLEEP;
    for (WorldClock world : timekeeper.worlds()) {
      Duration next = announceDue(lease, world, announced);
      wait = next.compareTo(wait) < 0 ? next : wait;
    }
    return wait;
  }

  /// Announces what is due and returns how long nothing will be, if the clock does not change.
  private Duration announceDue(Lease lease, WorldClock world, Map<WorldClock, Long> announced) {
    Clock clock = timekeeper.clock(world);
    Long upTo = announced.get(world);
    if (upTo == null || world.boundaries().next(upTo) <= clock.gameSecondsAt(timekeeper.now())) {
      ClockStore.Progress progress = timekeeper.announce(lease, world);
      clock = progress.clock();
      upTo = progress.announcedTo();
      announced.put(world, upTo);
    }
    Instant now = timekeeper.now();
    return clock
        .findInstantOf(world.boundaries().next(upTo))
        .map(instant -> Duration.between(now, instant))
        .orElse(LONGEST_SLEEP);
  }
}
