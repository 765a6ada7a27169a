package vesper.runtime;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Turns a flickering signal into a steady one: off after 5 s of failure without a break, on again
/// after 3 s of success without a break. The first success of all counts at once, so that a start
/// is not delayed.
final class Hysteresis {
  private final Duration failure;
  private final Duration success;
  private boolean on;
  private boolean wasOn;
  private @Nullable Instant oppositeSince;

  Hysteresis(HealthSettings settings) {
    this.failure = settings.failure();
    this.success = settings.success();
  }

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
    Duration needed = on ? failure : success;
    if (!now.isBefore(oppositeSince.plus(needed))) {
      on = signal;
      oppositeSince = null;
    }
    return on;
  }
}
