package vesper.transport;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/// A scheduler for the contexts of tests.
final class Timers {
  static final ScheduledExecutorService SCHEDULER =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("test-timers").factory());

  private Timers() {}
}
