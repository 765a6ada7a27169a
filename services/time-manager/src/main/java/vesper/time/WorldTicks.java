package vesper.time;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The readers of one world's ticks, and when something is due for them.
final class WorldTicks {
  private static final Logger LOG = LoggerFactory.getLogger(WorldTicks.class);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  private final WorldClock world;
  private final Duration gap;
  private final LongConsumer minuteBegan;
  private final Set<TickStream> streams = new LinkedHashSet<>();
  private Instant next = Instant.MIN;
  private long version;
  private long minute = Long.MAX_VALUE;

  /// @param gap shortest time between two looks at a clock that did not change
  /// @param minuteBegan takes the start of a game minute
  WorldTicks(WorldClock world, Duration gap, LongConsumer minuteBegan) {
    this.world = world;
    this.gap = gap;
    this.minuteBegan = minuteBegan;
  }

  WorldClock world() {
    return world;
  }

  synchronized void add(TickStream stream) {
    if (!stream.closed()) {
      streams.add(stream);
    }
  }

  synchronized void remove(TickStream stream) {
    streams.remove(stream);
  }

  synchronized List<TickStream> streams() {
    return List.copyOf(streams);
  }

  /// Tells what is due, and returns when to look again if the clock does not change until then.
  synchronized Instant look(Instant now) {
    Optional<Clock> newest = world.findNewest();
    if (newest.isEmpty()) {
      return now.plus(LONGEST_WAIT);
    }
    Clock clock = newest.get();
    if (clock.version() == version && now.isBefore(next)) {
      return next;
    }
    version = clock.version();
    Moment moment = new Moment(world, clock, now);
    Cycle minutes = world.calendar().minutes();
    long began = minutes.number(moment.gameSeconds());
    if (began > minute) {
      minuteBegan.accept(minutes.start(began));
    }
    minute = began;
    streams().forEach(stream -> offer(stream, moment));
    next = later(now.plus(gap), nextMinute(clock, moment.gameSeconds(), now));
    return next;
  }

  private Instant nextMinute(Clock clock, long gameSeconds, Instant now) {
    Instant latest = now.plus(LONGEST_WAIT);
    return clock
        .findInstantOf(world.calendar().minutes().next(gameSeconds))
        .filter(latest::isAfter)
        .orElse(latest);
  }

  private void offer(TickStream stream, Moment moment) {
    try {
      stream.offer(moment);
    } catch (RuntimeException broken) {
      LOG.atInfo().setCause(broken).addKeyValue("world", world.world()).log("A stream broke");
      streams.remove(stream);
      stream.close();
    }
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
