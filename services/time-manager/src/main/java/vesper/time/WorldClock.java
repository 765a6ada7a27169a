package vesper.time;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A world that this service keeps the time of: its calendar, how its clock starts, and its newest
/// clock as far as this replica knows.
final class WorldClock {
  private final String world;
  private final GameCalendar calendar;
  private final Boundaries boundaries;
  private final Start start;
  private volatile @Nullable Clock newest;

  /// @param start of a world that has no clock yet
  WorldClock(String world, GameCalendar calendar, Boundaries boundaries, Start start) {
    this.world = world;
    this.calendar = calendar;
    this.boundaries = boundaries;
    this.start = start;
  }

  String world() {
    return world;
  }

  GameCalendar calendar() {
    return calendar;
  }

  Boundaries boundaries() {
    return boundaries;
  }

  Start start() {
    return start;
  }

  Optional<Clock> findNewest() {
    return Optional.ofNullable(newest);
  }

  /// Takes a clock unless a newer one is known, and returns whether it was news.
  synchronized boolean learn(Clock clock) {
    Clock known = newest;
    if (known != null && known.version() >= clock.version()) {
      return false;
    }
    newest = clock;
    return true;
  }

  /// When a world's clock starts, and how fast it runs then.
  record Start(long gameSeconds, ClockRate rate) {}
}
