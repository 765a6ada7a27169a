package vesper.runtime;

import java.util.concurrent.atomic.AtomicBoolean;

/// Whether this process saw that it ran out of memory, after which nothing in it can be trusted.
final class Liveness {
  private static final AtomicBoolean OUT_OF_MEMORY = new AtomicBoolean();

  private Liveness() {}

  static void outOfMemory() {
    OUT_OF_MEMORY.set(true);
  }

  static boolean ranOutOfMemory() {
    return OUT_OF_MEMORY.get();
  }
}
