package vesper.world;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What waits for one watcher: of each entity and flag the last news, until they are taken. It
/// never waits for the watcher. When more would wait than it has room for, all of it is dropped and
/// the watcher is told that it lost the thread.
final class Seat {
  private final View view;
  private final int room;
  private final Alarm alarm = new Alarm();
  private final Map<String, ThingNews> things = new LinkedHashMap<>();
  private final Map<String, FlagNews> flags = new LinkedHashMap<>();
  private @Nullable List<News> held;
  private long position;
  private long floor;
  private long awaited = Long.MAX_VALUE;
  private boolean whole;
  private boolean lost;
  private boolean closed;

  /// @param room entities and flags that may wait
  Seat(View view, int room) {
    this.view = view;
    this.room = room;
  }

  /// What waited.
  ///
  /// @param from number of the first change of these; 0 when nothing waited
  /// @param to number of the last change that is told
  /// @param whole whether it is uncertain how things were before
  /// @param lost whether news were dropped; then there are none
  record Batch(
      long from,
      long to,
      boolean whole,
      boolean lost,
      List<ThingNews> things,
      List<FlagNews> flags) {}

  /// Begins after a change.
  synchronized void begin(long after) {
    position = after;
  }

  /// Forgets what waits, to be told of what follows.
  synchronized void clear() {
    things.clear();
    flags.clear();
    if (held != null && !held.isEmpty()) {
      position = held.getLast().to();
    }
    held = null;
    whole = false;
    lost = false;
  }

  /// Begins to keep news apart, until those come that go before them.
  synchronized void hold() {
    held = new ArrayList<>();
  }

  /// Takes news that go before those that were held, and perhaps tell some of them already.
  synchronized void release(News earlier) {
    List<News> later = held == null ? List.of() : held;
    held = null;
    floor = earlier.to();
    add(earlier);
    later.forEach(this::accept);
    alarm.ring();
  }

  /// Takes what happened next.
  synchronized void offer(News news) {
    if (held == null) {
      accept(news);
    } else {
      held.add(news);
      if (held.stream().mapToInt(one -> one.things().size() + one.flags().size()).sum() > room) {
        drop();
      }
    }
    if (hasNews() || upTo() >= awaited) {
      alarm.ring();
    }
  }

  /// Whether a change was told; if not, the watcher is woken when it is.
  synchronized boolean reaches(long seq) {
    boolean reached = upTo() >= seq;
    awaited = reached ? Long.MAX_VALUE : seq;
    return reached;
  }

  /// Takes away what waits.
  synchronized Batch take() {
    long from = Long.MAX_VALUE;
    for (ThingNews thing : things.values()) {
      from = Math.min(from, thing.firstSeq());
    }
    for (FlagNews flag : flags.values()) {
      from = Math.min(from, flag.firstSeq());
    }
    Batch batch =
        new Batch(
            from == Long.MAX_VALUE ? 0 : from,
            upTo(),
            whole,
            lost,
            List.copyOf(things.values()),
            List.copyOf(flags.values()));
    clear();
    return batch;
  }

  /// Whether there is something to take.
  synchronized boolean hasNews() {
    return lost || !things.isEmpty() || !flags.isEmpty();
  }

  /// Returns the number of the last change that was told.
  synchronized long upTo() {
    return Math.max(position, floor);
  }

  /// Says that nothing more will come.
  synchronized void close() {
    closed = true;
    alarm.ring();
  }

  synchronized boolean closed() {
    return closed;
  }

  /// Wakes the watcher.
  void wake() {
    alarm.ring();
  }

  /// Sleeps until there may be something new.
  void sleep(Duration longest) throws InterruptedException {
    alarm.sleep(longest);
  }

  private void accept(News news) {
    if (news.tooMuch()) {
      floor = 0;
      add(news);
    } else if (news.to() > floor) {
      // Of what these tell a part was told before: how things were before them is uncertain.
      whole |= position < floor;
      add(news);
    }
    position = news.to();
  }

  private void add(News news) {
    if (lost) {
      return;
    }
    if (news.tooMuch()) {
      drop();
      return;
    }
    for (ThingNews thing : news.things()) {
      String id = thing.now().id();
      if (things.containsKey(id) || view.concerns(thing)) {
        things.merge(id, thing, ThingNews::then);
      }
    }
    for (FlagNews flag : news.flags()) {
      flags.merge(flag.now().id(), flag, FlagNews::then);
    }
    if (things.size() + flags.size() > room) {
      drop();
    }
  }

  private void drop() {
    clear();
    lost = true;
  }
}
