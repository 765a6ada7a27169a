package vesper.transport;

import java.util.concurrent.atomic.LongAdder;

/// What went wrong or was turned away on one channel or server.
final class TransportCounters {
  private final LongAdder noResponders = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder gaps = new LongAdder();
  private final LongAdder silent = new LongAdder();
  private final LongAdder framesLost = new LongAdder();
  private final LongAdder malformed = new LongAdder();

  void noResponders() {
    noResponders.increment();
  }

  void refused() {
    refused.increment();
  }

  void gap() {
    gaps.increment();
  }

  void silent() {
    silent.increment();
  }

  void framesLost(int frames) {
    framesLost.add(frames);
  }

  void malformed() {
    malformed.increment();
  }

  TransportStats snapshot(int inFlight, long dropped) {
    return new TransportStats(
        inFlight,
        noResponders.sum(),
        refused.sum(),
        gaps.sum(),
        silent.sum(),
        framesLost.sum(),
        malformed.sum(),
        dropped);
  }
}
