package vesper.bench.fault;

import io.grpc.Status;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;

/// What the clients know: what they asked for, and what was acknowledged.
final class Journal {
  private static final long HIGHEST_MICROS = 120_000_000;

  private final Map<Kind, Tally> tallies = new EnumMap<>(Kind.class);
  private final Queue<Turn> turns = new ConcurrentLinkedQueue<>();
  private final Map<String, Edits> edits = new ConcurrentHashMap<>();
  private final AtomicInteger backwards = new AtomicInteger();

  /// A kind of call.
  enum Kind {
    /// One thing said to a person, under an idempotency key.
    TALK(true),
    /// A change of an entity under an idempotency key.
    CHANGE(true),
    /// A reading of the clock.
    CLOCK(true),
    /// A change of an entity without a key, which no machine may repeat.
    PLAIN(false),
    /// One thing said to a person without a key.
    PLAIN_TALK(false);

    private final boolean repeatable;

    Kind(boolean repeatable) {
      this.repeatable = repeatable;
    }

    boolean repeatable() {
      return repeatable;
    }
  }

  /// A turn of a talk that was asked for.
  record Turn(String player, String key, boolean acknowledged) {}

  /// The calls of one kind.
  static final class Tally {
    private final Histogram micros = new Histogram(HIGHEST_MICROS, 3);
    private final Map<Status.Code, Integer> failed = new TreeMap<>();
    private int acknowledged;
    private int repeated;

    private synchronized void add(Client.Outcome outcome) {
      micros.recordValue(Math.min(HIGHEST_MICROS, outcome.micros()));
      if (outcome.attempts() > 1) {
        repeated++;
      }
      if (outcome.ok()) {
        acknowledged++;
      } else {
        failed.merge(outcome.code(), 1, Integer::sum);
      }
    }
  }

  /// The changes of one entity by one client, one after the other.
  static final class Edits {
    private int asked;
    private int acknowledged;

    synchronized void asked() {
      asked++;
    }

    synchronized void acknowledged() {
      acknowledged++;
    }

    synchronized int mostApplied() {
      return asked;
    }

    synchronized int leastApplied() {
      return acknowledged;
    }
  }

  Journal() {
    for (Kind kind : Kind.values()) {
      tallies.put(kind, new Tally());
    }
  }

  void add(Kind kind, Client.Outcome outcome) {
    tally(kind).add(outcome);
  }

  void add(Turn turn) {
    turns.add(turn);
  }

  Edits edits(String entity) {
    return edits.computeIfAbsent(entity, _ -> new Edits());
  }

  Map<String, Edits> edits() {
    return edits;
  }

  Collection<Turn> turns() {
    return List.copyOf(turns);
  }

  /// A clock was seen to run backwards.
  void clockRanBackwards() {
    backwards.incrementAndGet();
  }

  int clockRanBackwardsTimes() {
    return backwards.get();
  }

  int acknowledged(Kind kind) {
    synchronized (tally(kind)) {
      return tally(kind).acknowledged;
    }
  }

  int acknowledged() {
    return tallies.keySet().stream().mapToInt(this::acknowledged).sum();
  }

  int repeated() {
    int sum = 0;
    for (Tally tally : tallies.values()) {
      synchronized (tally) {
        sum += tally.repeated;
      }
    }
    return sum;
  }

  /// How many calls of a kind failed.
  int failed(Kind kind) {
    synchronized (tally(kind)) {
      return tally(kind).failed.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  /// How many calls failed, by code.
  Map<Status.Code, Integer> failed(boolean repeatable) {
    Map<Status.Code, Integer> sum = new TreeMap<>();
    tallies.forEach((kind, tally) -> {
      if (kind.repeatable() == repeatable) {
        synchronized (tally) {
          tally.failed.forEach((code, count) -> sum.merge(code, count, Integer::sum));
        }
      }
    });
    return sum;
  }

  /// How long the calls that may be repeated took, all attempts together.
  Histogram micros() {
    Histogram all = new Histogram(HIGHEST_MICROS, 3);
    tallies.forEach((kind, tally) -> {
      if (kind.repeatable()) {
        synchronized (tally) {
          all.add(tally.micros);
        }
      }
    });
    return all;
  }

  private Tally tally(Kind kind) {
    return Objects.requireNonNull(tallies.get(kind));
  }
}
