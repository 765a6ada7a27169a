package vesper.time;

import com.google.protobuf.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import vesper.runtime.Lease;

/// Keeps the anchors of every world's clock, and how far its boundaries are announced.
interface ClockStore {
  /// Keeps the first clock of a world, unless the world has one already.
  void create(String world, Clock first);

  /// Returns the newest clocks of those of the worlds that have one.
  Map<String, Clock> findNewest(Collection<String> worlds);

  /// Returns the clock that was in force at a real instant; empty before the world's first.
  Optional<Clock> findAt(String world, Instant instant);

  /// Returns the clock during which a game time was reached; empty before the world's first.
  Optional<Clock> findReaching(String world, long gameSeconds);

  /// Takes a step while no other replica can: its clock, cursor, boundaries and events commit
  /// together or not at all. A step may be taken again after a conflict.
  Step step(String world, Function<Progress, Step> work);

  /// Takes a step that only the holder of a lease takes.
  ///
  /// @throws vesper.runtime.LeaseLostException when this is not the holder
  Step step(Lease lease, String world, Function<Progress, Step> work);

  /// Forgets boundaries that were announced longer ago than a duration.
  ///
  /// @throws vesper.runtime.LeaseLostException when this is not the holder of the lease
  void forgetBoundaries(Lease lease, Duration age);

  /// How far a world is.
  ///
  /// @param announcedTo game second up to which, inclusively, boundaries are announced
  record Progress(Clock clock, long announcedTo) {}

  /// Where a step leads.
  ///
  /// @param clock kept as a new anchor when its version is new
  /// @param origin who changed the clock and why
  record Step(
      Clock clock,
      long announcedTo,
      List<Boundary> boundaries,
      List<Message> events,
      Origin origin) {
    public Step {
      boundaries = List.copyOf(boundaries);
      events = List.copyOf(events);
    }
  }

  /// Who changed a clock, and why.
  record Origin(String actor, String reason) {
    /// Of a world's first clock, and of steps that change no clock.
    static final Origin WORLD = new Origin("", "start");
  }
}
