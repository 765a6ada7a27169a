package vesper.time;

import static java.util.stream.Collectors.toUnmodifiableMap;

import com.google.protobuf.Message;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import vesper.runtime.Lease;
import vesper.runtime.Refusal;
import vesper.time.ClockStore.Origin;
import vesper.time.ClockStore.Progress;
import vesper.time.ClockStore.Step;

/// The clocks of all worlds served here: read from memory, changed and announced through the store.
///
/// Announcing and changing a clock take the same lock on the world, and both first announce what
/// the clock has reached. So the events of a world are in the order of its time, each boundary
/// once, and nothing is announced that a change made in the meantime has put off.
final class Timekeeper {
  private final Map<String, WorldClock> worlds;
  private final ClockStore store;
  private final InstantSource time;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  Timekeeper(List<WorldClock> worlds, ClockStore store, InstantSource time) {
    this.worlds =
        new TreeMap<>(worlds.stream().collect(toUnmodifiableMap(WorldClock::world, w -> w)));
    this.store = store;
    this.time = time;
  }

  /// Adds what is called after any clock changed, on whatever thread learnt of it.
  void whenChanged(Runnable listener) {
    listeners.add(listener);
  }

  Collection<WorldClock> worlds() {
    return worlds.values();
  }

  /// Returns a world, or refuses with NOT_FOUND.
  WorldClock world(String id) {
    WorldClock world = worlds.get(id);
    if (world == null) {
      throw Refusal.unknown("worldId", "world", id, worlds.keySet());
    }
    return world;
  }

  /// Returns the real time, to the millisecond.
  Instant now() {
    return time.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /// Returns a world's clock: from memory, or at first from the store, where a world without a
  /// clock gets its first one.
  Clock clock(WorldClock world) {
    Optional<Clock> known = world.findNewest();
    if (known.isPresent()) {
      return known.get();
    }
    WorldClock.Start start = world.start();
    store.create(world.world(), Clock.starting(now(), start.gameSeconds(), start.rate()));
    refresh();
    return world.findNewest().orElseThrow();
  }

  /// Learns of changes that other replicas made.
  void refresh() {
    Map<String, Clock> newest = store.findNewest(worlds.keySet());
    for (WorldClock world : worlds.values()) {
      Clock clock = newest.get(world.world());
      if (clock != null) {
        learn(world, clock);
      }
    }
  }

  /// Returns the clock that was in force at a real instant; empty before the world's first.
  Optional<Clock> findAt(WorldClock world, Instant instant) {
    Clock clock = clock(world);
    return instant.isBefore(clock.since())
        ? store.findAt(world.world(), instant)
        : Optional.of(clock);
  }

  /// Returns the first real instant at which a world has a game time; empty before its first
  /// instant, and when that will not be while nothing changes.
  Optional<Instant> findInstantOf(WorldClock world, long gameSeconds) {
    Clock clock = clock(world);
    return gameSeconds > clock.gameSeconds()
        ? clock.findInstantOf(gameSeconds)
        : store
            .findReaching(world.world(), gameSeconds)
            .flatMap(reaching -> reaching.findInstantOf(gameSeconds));
  }

  /// Announces everything that a world's clock has reached, and returns how far that is.
  ///
  /// @param lease of the one who announces
  /// @throws vesper.runtime.LeaseLostException when that is another replica by now
  Progress announce(Lease lease, WorldClock world) {
    clock(world);
    Step step =
        store.step(
            lease,
            world.world(),
            progress -> {
              Instant at = notBefore(progress.clock().since());
              return reach(world, progress, progress.clock().gameSecondsAt(at));
            });
    learn(world, step.clock());
    return new Progress(step.clock(), step.announcedTo());
  }

  /// Changes a world's clock now, and returns the new one; the same when nothing is changed.
  ///
  /// @param change makes the new clock of the newest one and the instant of the change
  Clock change(WorldClock world, Origin origin, BiFunction<Clock, Instant, Clock> change) {
    clock(world);
    Step step = store.step(world.world(), progress -> change(world, progress, origin, change));
    learn(world, step.clock());
    return step.clock();
  }

  private Step change(
      WorldClock world,
      Progress progress,
      Origin origin,
      BiFunction<Clock, Instant, Clock> change) {
    Clock before = progress.clock();
    // A replica whose real clock is ahead may have announced what lies in this one's future.
    Instant at =
        before
            .findInstantOf(progress.announcedTo())
            .map(this::notBefore)
            .orElseGet(() -> notBefore(before.since()));
    Clock after = change.apply(before, at);
    Step reached = reach(world, progress, before.gameSecondsAt(at));
    List<Message> events = new ArrayList<>(reached.events());
    ClockEvents.between(world, before, after).ifPresent(events::add);
    return new Step(after, reached.announcedTo(), reached.boundaries(), events, origin);
  }

  private static Step reach(WorldClock world, Progress progress, long gameSeconds) {
    if (gameSeconds <= progress.announcedTo()) {
      return new Step(progress.clock(), progress.announcedTo(), List.of(), List.of(), Origin.WORLD);
    }
    List<Announcement> told = world.boundaries().between(progress.announcedTo(), gameSeconds);
    return new Step(
        progress.clock(),
        gameSeconds,
        told.stream().filter(Boundary.class::isInstance).map(Boundary.class::cast).toList(),
        told.stream().map(announcement -> ClockEvents.of(world, announcement)).toList(),
        Origin.WORLD);
  }

  private Instant notBefore(Instant earliest) {
    Instant now = now();
    return now.isBefore(earliest) ? earliest : now;
  }

  private void learn(WorldClock world, Clock clock) {
    if (world.learn(clock)) {
      listeners.forEach(Runnable::run);
    }
  }
}
