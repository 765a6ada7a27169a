package vesper.transport;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Timers of grpc's in-process transport, kept by the [Sweeper]: setting and clearing one is an
/// entry in a table, so that a deadline on every call costs no heap of timers.
final class SweptTimers extends OneShotTimers implements Sweeper.Source {
  private final Map<Long, Timer<?>> timers = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();
  private final Sweeper sweeper;

  SweptTimers(Sweeper sweeper) {
    this.sweeper = sweeper;
    sweeper.add(this);
  }

  private final class Timer<V> extends FutureTask<V> implements ScheduledFuture<V> {
    private final long number = numbers.incrementAndGet();
    private final long due;

    Timer(Callable<V> task, long due) {
      super(task);
      this.due = due;
    }

    boolean fireIfDue(long now) {
      if (due - now > 0) {
        return false;
      }
      Thread.startVirtualThread(this);
      return true;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(due - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }

    @Override
    protected void done() {
      timers.remove(number);
    }
  }

  @Override
  public long sweep(long now) {
    timers.values().removeIf(timer -> timer.fireIfDue(now));
    long next = now + TimeUnit.HOURS.toNanos(1);
    for (Timer<?> timer : timers.values()) {
      next = Lanes.earlier(next, timer.due);
    }
    return next;
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
    Timer<V> timer = new Timer<>(task, System.nanoTime() + unit.toNanos(delay));
    timers.put(timer.number, timer);
    sweeper.wakeBy(timer.due);
    return timer;
  }

  @Override
  public void shutdown() {
    super.shutdown();
    sweeper.remove(this);
    timers.clear();
  }
}
