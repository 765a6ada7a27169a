package vesper.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// The calls of the last 30 s, the latest 4,096 of them.
final class RecentCalls {
  private static final Duration SPAN = Duration.ofSeconds(30);
  private static final int MOST = 4_096;
  private static final long NONE = -1;

  private final Deque<Call> calls = new ArrayDeque<>();
  private int failures;
  private long totalNanos;

  private record Call(Instant at, boolean failed, long firstTokenNanos, long totalNanos) {}

  void add(Instant now, CallOutcome outcome) {
    boolean failed = outcome.result() != CallOutcome.Result.OK;
    long firstToken = outcome.firstToken().map(Duration::toNanos).orElse(NONE);
    calls.addLast(new Call(now, failed, firstToken, outcome.total().toNanos()));
    failures += failed ? 1 : 0;
    totalNanos += outcome.total().toNanos();
    if (calls.size() > MOST) {
      drop();
    }
  }

  void forgetBefore(Instant now) {
    Instant oldest = now.minus(SPAN);
    while (!calls.isEmpty() && calls.getFirst().at().isBefore(oldest)) {
      drop();
    }
  }

  void clear() {
    calls.clear();
    failures = 0;
    totalNanos = 0;
  }

  int count() {
    return calls.size();
  }

  int failures() {
    return failures;
  }

  double failureRate() {
    return calls.isEmpty() ? 0 : failures / (double) calls.size();
  }

  Optional<Duration> meanTotal() {
    return calls.isEmpty()
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(totalNanos / calls.size()));
  }

  /// Nearest-rank percentile of the time to the first token, of calls that had one.
  Optional<Duration> firstTokenP95() {
    long[] times =
        calls.stream()
            .mapToLong(Call::firstTokenNanos)
            .filter(time -> time >= 0)
            .sorted()
            .toArray();
    if (times.length == 0) {
      return Optional.empty();
    }
    int rank = (int) Math.ceil(times.length * 0.95);
    return Optional.of(Duration.ofNanos(times[rank - 1]));
  }

  private void drop() {
    Call oldest = calls.removeFirst();
    failures -= oldest.failed() ? 1 : 0;
    totalNanos -= oldest.totalNanos();
  }
}
