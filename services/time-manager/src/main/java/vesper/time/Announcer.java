package vesper.time;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
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
    while (!stop.requested()) {
      Duration sleep = LONGEST_SLEEP;
      for (WorldClock world : timekeeper.worlds()) {
        Duration wait = announceDue(world, announced);
        sleep = wait.compareTo(sleep) < 0 ? wait : sleep;
      }
      alarm.sleep(sleep);
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
