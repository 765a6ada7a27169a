package vesper.testing.vllm;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import vesper.testing.vllm.SeenRequest.Outcome;

/// The latest requests.
final class Journal {
  private static final int KEPT = 1_000;

  private final Deque<Entry> entries = new ArrayDeque<>();
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicLong cancelled = new AtomicLong();

  /// Writes down a request that waits.
  Entry add(String path, Ask ask) {
    Entry entry = new Entry(numbers.incrementAndGet(), path, ask);
    synchronized (entries) {
      if (entries.size() == KEPT) {
        entries.removeFirst();
      }
      entries.addLast(entry);
    }
    return entry;
  }

  List<SeenRequest> requests() {
    synchronized (entries) {
      return entries.stream().map(Entry::seen).toList();
    }
  }

  long cancelled() {
    return cancelled.get();
  }

  /// One request.
  final class Entry {
    private final Instant startedAt = Instant.now();
    private final long number;
    private final String path;
    private final Ask ask;
    private Outcome outcome = Outcome.WAITING;
    private int tokens;
    private Optional<Instant> endedAt = Optional.empty();

    private Entry(long number, String path, Ask ask) {
      this.number = number;
      this.path = path;
      this.ask = ask;
    }

    long number() {
      return number;
    }

    synchronized void running() {
      outcome = Outcome.RUNNING;
    }

    synchronized void token() {
      tokens++;
    }

    synchronized void end(Outcome how) {
      if (endedAt.isEmpty()) {
        outcome = how;
        endedAt = Optional.of(Instant.now());
        if (how == Outcome.CANCELLED) {
          cancelled.incrementAndGet();
        }
      }
    }

    private synchronized SeenRequest seen() {
      return new SeenRequest(
          number, path, ask.text(), ask.stream(), outcome, tokens, startedAt, endedAt);
    }
  }
}
