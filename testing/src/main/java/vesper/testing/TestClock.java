package vesper.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/// A clock that stands still until it is set or advanced; safe for use by several threads.
public final class TestClock implements InstantSource {
  /// Where a clock without a given time starts.
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicReference<Instant> now;

  private TestClock(Instant now) {
    this.now = new AtomicReference<>(now);
  }

  /// A clock at [#START].
  public static TestClock create() {
    return at(START);
  }

  /// A clock at the given time.
  public static TestClock at(Instant now) {
    return new TestClock(now);
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  /// Moves to the given time, which may lie in the past.
  public void set(Instant time) {
    now.set(time);
  }

  /// Moves on, or back by a negative duration, and returns the new time.
  public Instant advance(Duration duration) {
    return now.updateAndGet(time -> time.plus(duration));
  }

  @Override
  public String toString() {
    return "TestClock at " + now;
  }
}
