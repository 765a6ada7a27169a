package vesper.transport;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What the reply subject of a request says: `<inbox>.<id>.<timeout>`.
///
/// The id is a number in base 36 that the inbox's owner does not use twice; the timeout is written
/// as in `grpc-timeout`. Putting them into the subject saves a header block on every call.
///
/// @param inbox the prefix under which the caller listens
/// @param id the call
/// @param timeoutNanos how long the caller waits
record CallAddress(String inbox, long id, long timeoutNanos) {
  /// The token under an inbox that takes frames of several calls; no id looks like it.
  static final String BATCH = "-";

  private static final int RADIX = 36;
  private static final int MAX_TIMEOUT_LENGTH = 9;
  private static final int MAX_ID_LENGTH = 12;

  /// Reads a reply subject, or returns null when another kind of client wrote it.
  static @Nullable CallAddress parse(String replyTo) {
    int afterId = replyTo.lastIndexOf('.');
    int beforeId = afterId < 0 ? -1 : replyTo.lastIndexOf('.', afterId - 1);
    if (beforeId <= 0) {
      return null;
    }
    long timeout = parseTimeout(replyTo, afterId + 1);
    long id = parseId(replyTo, beforeId + 1, afterId);
    return timeout < 0 || id < 0
        ? null
        : new CallAddress(replyTo.substring(0, beforeId), id, timeout);
  }

  /// Writes the reply subject of a call.
  static String format(String inbox, long id, long timeoutNanos) {
    return inbox + '.' + Long.toString(id, RADIX) + '.' + formatTimeout(timeoutNanos);
  }

  /// Writes the subject of one call's frames that travel alone.
  static String frames(String inbox, long id) {
    return inbox + '.' + Long.toString(id, RADIX);
  }

  /// Reads the number between two positions of a subject, or returns -1.
  static long parseId(String subject, int from, int to) {
    if (to <= from || to - from > MAX_ID_LENGTH) {
      return -1;
    }
    long id = 0;
    for (int i = from; i < to; i++) {
      int digit = Character.digit(subject.charAt(i), RADIX);
      if (digit < 0) {
        return -1;
      }
      id = id * RADIX + digit;
    }
    return id;
  }

  /// Writes a timeout as at most eight digits and a unit, rounded up.
  static String formatTimeout(long nanos) {
    long millis = (nanos + 999_999) / 1_000_000;
    return millis < 100_000_000
        ? millis + "m"
        : Math.min(99_999_999, TimeUnit.MILLISECONDS.toSeconds(millis)) + "S";
  }

  /// Reads a timeout in nanoseconds from a position to the end of the text, or returns -1.
  static long parseTimeout(String text, int from) {
    int unitAt = text.length() - 1;
    if (unitAt <= from || unitAt - from >= MAX_TIMEOUT_LENGTH) {
      return -1;
    }
    long amount = 0;
    for (int i = from; i < unitAt; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      amount = amount * 10 + digit;
    }
    return switch (text.charAt(unitAt)) {
      case 'n' -> amount;
      case 'u' -> TimeUnit.MICROSECONDS.toNanos(amount);
      case 'm' -> TimeUnit.MILLISECONDS.toNanos(amount);
      case 'S' -> TimeUnit.SECONDS.toNanos(amount);
      case 'M' -> TimeUnit.MINUTES.toNanos(amount);
      case 'H' -> TimeUnit.HOURS.toNanos(amount);
      default -> -1;
    };
  }
}
