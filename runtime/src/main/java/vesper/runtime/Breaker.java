package vesper.runtime;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/// Stops calls of one rpc when most of them come to nothing, and lets a few through until one is
/// answered: half of at least twenty calls of the last four seconds open it; then a call may try
/// every half second.
///
/// A call costs a volatile read when it begins and one atomic addition when it ends. Times are
/// those of [System#nanoTime].
final class Breaker {
  private static final int SECONDS = 4;
  private static final int FEWEST = 20;
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long CLOSED = Long.MIN_VALUE;

  // A slot is one second: its number, the calls that ended in it, and how many of them failed.
  private static final int COUNT_BITS = 20;
  private static final long COUNT = (1L << COUNT_BITS) - 1;
  private static final long SECOND = (1L << (64 - 2 * COUNT_BITS)) - 1;
  private static final long ONE_CALL = 1L << COUNT_BITS;
  private static final long ONE_FAILURE = 1;

  private final long begin;
  private final AtomicLongArray slots = new AtomicLongArray(SECONDS);

  /// When the next call may try, as nanoseconds since the begin, or CLOSED.
  private final AtomicLong nextTrial = new AtomicLong(CLOSED);

  Breaker(long now) {
    begin = now;
  }

  /// Whether a call may go out.
  enum Admission {
    /// As any other.
    FREE,
    /// To find out whether the rpc answers again.
    TRIAL,
    /// Not now.
    REFUSED
  }

  /// Decides on a call that begins.
  Admission admit(long now) {
    long trial = nextTrial.get();
    if (trial == CLOSED) {
      return Admission.FREE;
    }
    long at = now - begin;
    // The next trial does not wait for the end of this one, which may never come.
    return at >= trial && nextTrial.compareAndSet(trial, at + PAUSE)
        ? Admission.TRIAL
        : Admission.REFUSED;
  }

  /// Notes that a call was answered.
  void answered(Admission admission, long now) {
    if (admission == Admission.TRIAL) {
      for (int i = 0; i < SECONDS; i++) {
        slots.set(i, 0);
      }
      nextTrial.set(CLOSED);
    } else {
      count(now, ONE_CALL);
    }
  }

  /// Notes that a call came to nothing.
  ///
  /// @return whether this opened the breaker
  boolean failed(Admission admission, long now) {
    if (admission == Admission.TRIAL) {
      nextTrial.getAndUpdate(trial -> trial == CLOSED ? CLOSED : now - begin + PAUSE);
      return false;
    }
    count(now, ONE_CALL + ONE_FAILURE);
    return mostFailed(now) && nextTrial.compareAndSet(CLOSED, now - begin + PAUSE);
  }

  boolean isClosed() {
    return nextTrial.get() == CLOSED;
  }

  /// Returns 0 when calls pass, 1 when they do not, 2 when the next one is a trial.
  int state(long now) {
    long trial = nextTrial.get();
    if (trial == CLOSED) {
      return 0;
    }
    return now - begin >= trial ? 2 : 1;
  }

  /// Returns how long a refused caller should wait.
  Duration retryIn(long now) {
    long trial = nextTrial.get();
    return Duration.ofNanos(
        trial == CLOSED ? PAUSE : Math.clamp(trial - (now - begin), PAUSE / 10, PAUSE));
  }

  private void count(long now, long what) {
    long second = second(now);
    int index = (int) (second % SECONDS);
    while (true) {
      long slot = slots.get(index);
      if (slot >>> (2 * COUNT_BITS) != second) {
        if (slots.compareAndSet(index, slot, (second << (2 * COUNT_BITS)) + what)) {
          return;
        }
      } else if (((slot >>> COUNT_BITS) & COUNT) == COUNT) {
        return;
      } else if (slots.compareAndSet(index, slot, slot + what)) {
        return;
      }
    }
  }

  private boolean mostFailed(long now) {
    long second = second(now);
    long calls = 0;
    long failures = 0;
    for (int i = 0; i < SECONDS; i++) {
      long slot = slots.get(i);
      if (((second - (slot >>> (2 * COUNT_BITS))) & SECOND) < SECONDS) {
        calls += (slot >>> COUNT_BITS) & COUNT;
        failures += slot & COUNT;
      }
    }
    return calls >= FEWEST && 2 * failures >= calls;
  }

  /// Seconds since the begin, as many bits as fit beside the counts.
  private long second(long now) {
    return ((now - begin) / TimeUnit.SECONDS.toNanos(1)) & SECOND;
  }
}
