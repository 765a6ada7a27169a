package vesper.transport;

import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// Gives a grpc context its deadline without a timer: the [Sweeper] cancels the contexts of served
/// calls itself.
final class NoTimers extends OneShotTimers {
  static final NoTimers INSTANCE = new NoTimers();

  private static final ScheduledFuture<?> NEVER = new Never();

  private NoTimers() {}

  private static final class Never extends FutureTask<Void> implements ScheduledFuture<Void> {
    Never() {
      super(() -> {}, null);
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return Long.MAX_VALUE;
    }

    @Override
    public int compareTo(Delayed other) {
      return other == this ? 0 : 1;
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
      return false;
    }
  }

  @Override
  @SuppressWarnings("unchecked") // never completes, so it never yields a value of any type
  public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
    return (ScheduledFuture<V>) NEVER;
  }
}
