package vesper.transport;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// The part of a scheduled executor that grpc uses: run a task once, later. Tasks to be run at once
/// get a virtual thread each.
abstract class OneShotTimers extends AbstractExecutorService implements ScheduledExecutorService {
  private volatile boolean shut;

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    return schedule(
        () -> {
          command.run();
          return null;
        },
        delay,
        unit);
  }

  @Override
  public abstract <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit);

  @Override
  public final ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    throw new UnsupportedOperationException("repetition");
  }

  @Override
  public final ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException("repetition");
  }

  @Override
  public final void execute(Runnable command) {
    Thread.startVirtualThread(command);
  }

  @Override
  public void shutdown() {
    shut = true;
  }

  @Override
  public final List<Runnable> shutdownNow() {
    shutdown();
    return List.of();
  }

  @Override
  public final boolean isShutdown() {
    return shut;
  }

  @Override
  public final boolean isTerminated() {
    return shut;
  }

  @Override
  public final boolean awaitTermination(long timeout, TimeUnit unit) {
    return shut;
  }
}
