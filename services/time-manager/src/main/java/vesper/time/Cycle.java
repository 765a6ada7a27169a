package vesper.time;

import java.util.Arrays;

/// Starts that repeat for ever: each of `starts`, in seconds after the beginning of a period, comes
/// once in every period. They are numbered in order from 0, the first start of period 0; earlier
/// ones have negative numbers.
final class Cycle {
  private final long period;
  private final long offset;
  private final long[] starts;

  Cycle(long period, long offset, long... starts) {
    for (int i = 0; i < starts.length; i++) {
      if (starts[i] < 0 || starts[i] >= period || (i > 0 && starts[i] <= starts[i - 1])) {
        throw new IllegalArgumentException("The starts of a cycle rise within its period");
      }
    }
    this.period = period;
    this.offset = offset;
    this.starts = starts.clone();
  }

  /// Returns the number of the last start at or before a game time.
  long number(long gameSeconds) {
    long time = gameSeconds - offset;
    int place = Arrays.binarySearch(starts, Math.floorMod(time, period));
    int at = place >= 0 ? place : -place - 2;
    return Math.floorDiv(time, period) * starts.length + at;
  }

  /// Returns the game time of a start.
  long start(long number) {
    return Math.floorDiv(number, starts.length) * period + starts[place(number)] + offset;
  }

  /// Returns which of the period's starts a start is, from 0.
  int place(long number) {
    return Math.floorMod(number, starts.length);
  }

  /// Returns the first start after a game time.
  long next(long gameSeconds) {
    return start(number(gameSeconds) + 1);
  }

  /// Returns how many starts lie after one game time, up to and including another.
  long count(long after, long upTo) {
    return number(upTo) - number(after);
  }
}
