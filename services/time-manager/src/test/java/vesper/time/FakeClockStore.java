package vesper.time;

import com.google.protobuf.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import vesper.runtime.Lease;
import vesper.runtime.LeaseLostException;

/// Clocks in memory, shared by the replicas of a test.
final class FakeClockStore implements ClockStore {
  private final Map<String, List<Clock>> anchors = new TreeMap<>();
  private final Map<String, Long> announcedTo = new TreeMap<>();
  private final List<Boundary> boundaries = new ArrayList<>();
  private final List<Message> events = new ArrayList<>();

  synchronized List<Message> events() {
    return List.copyOf(events);
  }

  synchronized List<Boundary> boundaries() {
    return List.copyOf(boundaries);
  }

  @Override
  public synchronized void create(String world, Clock first) {
    if (announcedTo.putIfAbsent(world, first.gameSeconds()) == null) {
      anchors.put(world, new ArrayList<>(List.of(first)));
    }
  }

  @Override
  public synchronized Map<String, Clock> findNewest(Collection<String> worlds) {
    Map<String, Clock> found = new TreeMap<>();
    worlds.stream()
        .filter(anchors::containsKey)
        .forEach(world -> found.put(world, anchors(world).getLast()));
    return found;
  }

  @Override
  public synchronized Optional<Clock> findAt(String world, Instant instant) {
    return anchors(world).reversed().stream()
        .filter(clock -> !clock.since().isAfter(instant))
        .findFirst();
  }

  @Override
  public synchronized Optional<Clock> findReaching(String world, long gameSeconds) {
    return anchors(world).reversed().stream()
        .filter(clock -> clock.gameSeconds() < gameSeconds)
        .findFirst()
        .or(() ->
            anchors(world).stream()
                .filter(clock -> clock.gameSeconds() == gameSeconds)
                .findFirst());
  }

  @Override
  public synchronized Step step(String world, Function<Progress, Step> work) {
    Clock clock = anchors(world).getLast();
    Step step = work.apply(new Progress(clock, announcedTo.getOrDefault(world, 0L)));
    if (step.clock().version() != clock.version()) {
      anchors(world).add(step.clock());
    }
    announcedTo.put(world, step.announcedTo());
    boundaries.addAll(step.boundaries());
    events.addAll(step.events());
    return step;
  }

  @Override
  public synchronized Step step(Lease lease, String world, Function<Progress, Step> work) {
    require(lease);
    return step(world, work);
  }

  @Override
  public synchronized void forgetBoundaries(Lease lease, Duration age) {
    require(lease);
    boundaries.clear();
  }

  private static void require(Lease lease) {
    if (!lease.held()) {
      throw new LeaseLostException(lease.name(), lease.fence());
    }
  }

  private List<Clock> anchors(String world) {
    return anchors.getOrDefault(world, List.of());
  }
}
