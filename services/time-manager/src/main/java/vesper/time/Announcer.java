package vesper.time;

import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import vesper.runtime.Outage;
import vesper.runtime.Stopping;
import vesper.runtime.Worker;

/// Announces boundaries when clocks reach them. It sleeps until the next one and is woken by
/// changes of clocks. Any number of replicas may run it: whoever locks the world first announces,
/// the others find nothing left.
final class Announcer implements Worker {
  private static final Duration LONGEST_SLEEP = Duration.ofMillis(500);

  private final Timekeeper timekeeper;
  private final Alarm alarm = new Alarm();

  Announcer(Timekeeper timekeeper) {
    this.timekeeper = timekeeper;
    timekeeper.whenChanged(alarm::ring);
  }

  @Override
  public String name() {
    return "announcer";
  }

  @Override
  public void run(Stopping stop) throws InterruptedException {
    Map<WorldClock, Long> announced = new HashMap<>();
    Outage outage = new Outage(name());
    while (!stop.requested()) {
      alarm.sleep(turn(announced, outage));
    }
  }

  /// Announces what is due in all worlds, and returns how long nothing will be.
  private Duration turn(Map<WorldClock, Long> announced, Outage outage) {
    try {
      Duration wait = LONGEST_SLEEP;
      for (WorldClock world : timekeeper.worlds()) {
        Duration next = announceDue(world, announced);
        wait = next.compareTo(wait) < 0 ? next : wait;
      }
      outage.over();
      return wait;
    } catch (StatusRuntimeException failure) {
      return outage.pause(failure);
    }
  }

  /// Announces what is due and returns how long nothing will be, if the clock does not change.
  private Duration announceDue(WorldClock world, Map<WorldClock, Long> announced) {
    Clock clock = timekeeper.clock(world);
    Long upTo = announced.get(world);
    if (upTo == null || world.boundaries().next(upTo) <= clock.gameSecondsAt(timekeeper.now())) {
      ClockStore.Progress progress = timekeeper.announce(world);
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
