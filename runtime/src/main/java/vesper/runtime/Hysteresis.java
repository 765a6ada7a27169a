package vesper.runtime;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Turns a flickering signal into a steady one: off after 5 s of failure without a break, on again
/// after 3 s of success without a break. The first success of all counts at once, so that a start
/// is not delayed.
final class Hysteresis {
  static final Duration FAILURE = Duration.ofSeconds(5);
  static final Duration SUCCESS = Duration.ofSeconds(3);

  private boolean on;
  private boolean wasOn;
  private @Nullable Instant oppositeSince;

  /// Takes the signal of this moment, and returns the steady one.
  boolean update(boolean signal, Instant now) {
    if (signal == on) {
      oppositeSince = null;
      return on;
    }
    if (signal && !wasOn) {
      on = true;
      wasOn = true;
      return true;
    }
    if (oppositeSince == null) {
      oppositeSince = now;
    }
    Duration needed = on ? FAILURE : SUCCESS;
    if (!now.isBefore(oppositeSince.plus(needed))) {
      on = signal;
      oppositeSince = null;
    }
    return on;
  }
}
