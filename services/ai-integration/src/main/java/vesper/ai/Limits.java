package vesper.ai;

import java.time.Duration;

/// Until when an answer may do what, in the notation of `System.nanoTime`.
///
/// @param firstText the first words must be handed on
/// @param whole the answer must be over
record Limits(long firstText, long whole) {
  /// Kept for the last step, which needs no model.
  private static final Duration LAST_STEP = Duration.ofMillis(10);

  static Limits of(Ask ask, TierConfig tier) {
    long whole = least(tier.whole(), ask);
    long firstText = least(tier.firstText(), ask);
    long last = LAST_STEP.toNanos();
    return new Limits(ask.startNanos() + firstText - last, ask.startNanos() + whole - last);
  }

  private static long least(Duration limit, Ask ask) {
    return ask.time().filter(time -> time.compareTo(limit) < 0).orElse(limit).toNanos();
  }
}
