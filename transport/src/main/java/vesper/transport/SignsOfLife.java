package vesper.transport;

import java.util.concurrent.TimeUnit;

/// How often a unary call that takes long says that it lives, and how long a caller that listens
/// for it waits. Both sides know the call's timeout and need nothing else.
final class SignsOfLife {
  private static final int SIGNS_IN_A_CALL = 10;
  private static final int MISSED = 4;
  private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(500);

  private SignsOfLife() {}

  /// Returns the time between two signs: a tenth of the timeout, but 50 ms to 500 ms.
  static long interval(long timeoutNanos) {
    return Math.clamp(timeoutNanos / SIGNS_IN_A_CALL, SHORTEST, LONGEST);
  }

  /// Returns how long no sign may come before the server counts as dead: four times as long.
  static long patience(long timeoutNanos) {
    return MISSED * interval(timeoutNanos);
  }
}
