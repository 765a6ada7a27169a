package vesper.time;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import vesper.time.v1.TickCause;
import vesper.time.v1.TimeTick;

/// A world at one instant, and the ticks that tell it: each is made once for all readers. For use
/// by one thread.
final class Moment {
  private final WorldClock world;
  private final Clock clock;
  private final Instant instant;
  private final long gameSeconds;
  private final Map<Long, TimeTick> begun = new HashMap<>();

  Moment(WorldClock world, Clock clock, Instant instant) {
    this.world = world;
    this.clock = clock;
    this.instant = instant;
    gameSeconds = clock.gameSecondsAt(instant);
  }

  Clock clock() {
    return clock;
  }

  Instant instant() {
    return instant;
  }

  long gameSeconds() {
    return gameSeconds;
  }

  /// The first tick of a stream.
  TimeTick first() {
    return tick(TickCause.TICK_CAUSE_START);
  }

  TimeTick clockChanged() {
    return tick(TickCause.TICK_CAUSE_CLOCK_CHANGED);
  }

  TimeTick stillAlive() {
    return tick(TickCause.TICK_CAUSE_STILL_ALIVE);
  }

  /// The tick of a unit, at its exact start.
  TimeTick unitBegan(long start) {
    return begun.computeIfAbsent(
        start, at -> tick(TickCause.TICK_CAUSE_UNIT, at, clock.findInstantOf(at)));
  }

  private TimeTick tick(TickCause cause) {
    return tick(cause, gameSeconds, Optional.of(instant));
  }

  private TimeTick tick(TickCause cause, long at, Optional<Instant> realTime) {
    return TimeTick.newBuilder()
        .setTime(TimeMessages.gameTime(world, clock, at, realTime))
        .setCause(cause)
        .build();
  }
}
