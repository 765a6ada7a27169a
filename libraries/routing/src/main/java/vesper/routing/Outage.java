package vesper.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/// A time in which an endpoint is not called: first a wait without any call, then up to three
/// trials, of which two good ones end it and two bad ones begin the next.
///
/// Where probes failed, probes are the trials: two good ones after the wait end it. While the last
/// probe failed no call is tried.
final class Outage {
  private static final int TRIALS = 3;
  private static final int ENOUGH = 2;
  private static final Duration TRIAL_LASTS = Duration.ofSeconds(30);

  private final Instant since;
  private final Instant waitsUntil;
  private final Deque<Instant> trials = new ArrayDeque<>();
  private boolean unreachable;
  private boolean lastProbeFailed;
  private int goodProbes;
  private int good;
  private int bad;

  /// @param unreachable whether probes fail
  Outage(Instant since, Duration wait, boolean unreachable) {
    this.since = since;
    this.waitsUntil = since.plus(wait);
    this.unreachable = unreachable;
    this.lastProbeFailed = unreachable;
  }

  /// How an outage goes on.
  enum Verdict {
    /// It lasts.
    LASTS,
    /// The endpoint is back.
    OVER,
    /// The endpoint was tried in vain: the next, longer wait begins.
    AGAIN
  }

  Instant since() {
    return since;
  }

  Verdict probe(boolean ok, Instant now) {
    lastProbeFailed = !ok;
    unreachable |= !ok;
    goodProbes = ok ? goodProbes + 1 : 0;
    boolean back = unreachable && goodProbes >= ENOUGH && !now.isBefore(waitsUntil);
    return back ? Verdict.OVER : Verdict.LASTS;
  }

  /// Whether a call may be tried.
  boolean trialDue(Instant now) {
    while (!trials.isEmpty() && !now.isBefore(trials.getFirst().plus(TRIAL_LASTS))) {
      trials.removeFirst();
    }
    return !now.isBefore(waitsUntil) && !lastProbeFailed && trials.size() + good + bad < TRIALS;
  }

  /// Takes a trial that is due. One that is never told about is given back after 30 s.
  void takeTrial(Instant now) {
    trials.addLast(now);
  }

  /// Hears of a call that began at a time.
  Verdict outcome(CallOutcome outcome, boolean slow, Instant began) {
    if (trials.isEmpty() || began.isBefore(waitsUntil)) {
      return Verdict.LASTS;
    }
    trials.removeFirst();
    if (outcome.counts()) {
      if (outcome.result() == CallOutcome.Result.OK && !slow) {
        good++;
      } else {
        bad++;
      }
    }
    if (good >= ENOUGH) {
      return Verdict.OVER;
    }
    return bad >= ENOUGH ? Verdict.AGAIN : Verdict.LASTS;
  }
}
