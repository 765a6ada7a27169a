package vesper.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;

/// A closed loop: a fixed number of callers, each on a virtual thread, each waiting for its answer
/// before it calls again.
final class Load {
  private static final long HIGHEST_NANOS = Duration.ofSeconds(60).toNanos();
  private static final int DIGITS = 3;

  /// What one cell of the table measured in one round.
  record Sample(double perSecond, Histogram nanos) {}

  static Sample run(Variant variant, int inFlight, Duration time) throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    List<Future<Histogram>> callers = new ArrayList<>();
    Histogram all = new Histogram(HIGHEST_NANOS, DIGITS);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < inFlight; i++) {
        int caller = i;
        callers.add(
            threads.submit(() -> {
              start.await();
              return loop(variant, caller, time);
            }));
      }
      long begin = System.nanoTime();
      start.countDown();
      for (Future<Histogram> caller : callers) {
        all.add(caller.get());
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      return new Sample(all.getTotalCount() * variant.itemsPerOperation() / seconds, all);
    }
  }

  private static Histogram loop(Variant variant, int caller, Duration time) throws Exception {
    Histogram nanos = new Histogram(HIGHEST_NANOS, DIGITS);
    long end = System.nanoTime() + time.toNanos();
    long before = System.nanoTime();
    while (before < end) {
      variant.operation().run(caller);
      long after = System.nanoTime();
      nanos.recordValue(Math.min(after - before, HIGHEST_NANOS));
      before = after;
    }
    return nanos;
  }

  private Load() {}
}
