package vesper.runtime;

import java.time.Duration;

/// Tells a loop when to end.
public interface Stopping {
  /// Whether the loop shall end.
  boolean requested();

  /// Waits, and returns true as soon as the loop shall end.
  boolean await(Duration time) throws InterruptedException;
}
