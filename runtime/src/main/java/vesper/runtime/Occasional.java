package vesper.runtime;

import java.time.Duration;

/// Lets the same message through once in a while, for loops that fail again and again.
final class Occasional {
  private static final Duration PAUSE = Duration.ofSeconds(30);

  private String last = "";
  private long at;

  /// Whether to say it: it differs from what was said last, or that was long ago.
  synchronized boolean due(String message) {
    long now = System.nanoTime();
    boolean due = !message.equals(last) || now - at >= PAUSE.toNanos();
    if (due) {
      last = message;
      at = now;
    }
    return due;
  }

  /// Forgets what was said, since it is over.
  synchronized void over() {
    last = "";
  }
}
