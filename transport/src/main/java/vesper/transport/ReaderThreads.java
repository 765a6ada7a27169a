package vesper.transport;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Runs a connection's reader on a virtual thread and says when it died of an exception, which the
/// client library itself does not notice.
final class ReaderThreads extends AbstractExecutorService {
  private final Consumer<Throwable> onDeath;
  private volatile boolean shut;

  ReaderThreads(Consumer<Throwable> onDeath) {
    this.onDeath = onDeath;
  }

  @Override
  protected <T> RunnableFuture<T> newTaskFor(Runnable runnable, T value) {
    return new FutureTask<>(runnable, value) {
      @Override
      protected void setException(Throwable cause) {
        super.setException(cause);
        Thread.startVirtualThread(() -> onDeath.accept(cause));
      }
    };
  }

  @Override
  public void execute(Runnable command) {
    Thread.ofVirtual().name("nats-reader").start(command);
  }

  @Override
  public void shutdown() {
    shut = true;
  }

  @Override
  public List<Runnable> shutdownNow() {
    shut = true;
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return shut;
  }

  @Override
  public boolean isTerminated() {
    return shut;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return shut;
  }
}
