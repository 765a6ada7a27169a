package vesper.runtime;

import java.util.concurrent.atomic.AtomicInteger;

/// Keeps retries from multiplying the load of a failing system: each retry takes one from the
/// budget, each ten calls that went well give one back.
final class RetryBudget {
  private static final int RETRY = 10;
  private static final int MOST = 500 * RETRY;

  private final AtomicInteger left = new AtomicInteger(MOST);

  /// Takes a retry, if there is one.
  boolean take() {
    return left.getAndUpdate(budget -> budget >= RETRY ? budget - RETRY : budget) >= RETRY;
  }

  /// Says that a call went well.
  void succeeded() {
    if (left.get() < MOST) {
      left.incrementAndGet();
    }
  }
}
