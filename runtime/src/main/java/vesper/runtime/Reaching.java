package vesper.runtime;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Tries to reach something until it succeeds, without limit: 100 ms to 2 s between two attempts.
final class Reaching {
  private static final Logger LOG = LoggerFactory.getLogger(Reaching.class);
  private static final long SHORTEST_PAUSE = 100;
  private static final long LONGEST_PAUSE = 2_000;

  private final String what;
  private final Attempt attempt;
  private final Predicate<Exception> away;
  private final Stopping stop;
  private final Occasional notes = new Occasional();
  private final CountDownLatch first = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean reached;
  private volatile @Nullable Exception broken;

  /// @param what for people, as in `the database`
  /// @param away tells a failure that may pass by itself from one that somebody must repair
  Reaching(String what, Attempt attempt, Predicate<Exception> away, Stopping stop) {
    this.what = what;
    this.attempt = attempt;
    this.away = away;
    this.stop = stop;
  }

  /// What is tried.
  @FunctionalInterface
  interface Attempt {
    void run() throws Exception;
  }

  Reaching start() {
    Thread.ofVirtual().name("reaching " + what).start(this::tryUntilReached);
    return this;
  }

  /// Waits for the outcome of the first attempt, and returns whether it succeeded.
  ///
  /// @throws IllegalStateException when somebody must repair something
  boolean awaitFirst() throws InterruptedException {
    first.await();
    if (broken != null) {
      throw new IllegalStateException(
          "cannot start with " + what + " as it is: " + cause(broken), broken);
    }
    return reached;
  }

  /// Waits until it was reached or stopping was requested, and returns which.
  boolean awaitReached() throws InterruptedException {
    over.await();
    return reached;
  }

  private void tryUntilReached() {
    long pause = SHORTEST_PAUSE;
    try {
      while (!stop.requested() && !attempt()) {
        first.countDown();
        stop.await(Duration.ofMillis(ThreadLocalRandom.current().nextLong(pause / 2, pause)));
        pause = Math.min(2 * pause, LONGEST_PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      first.countDown();
      over.countDown();
    }
  }

  /// What the innermost failure says, without the lines after its first.
  private static String cause(Throwable failure) {
    Throwable innermost = failure;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    String message = innermost.getMessage();
    return message == null
        ? innermost.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }

  private boolean attempt() throws InterruptedException {
    try {
      attempt.run();
      reached = true;
      return true;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      boolean mayPass = away.test(e);
      if (!mayPass && first.getCount() > 0) {
        broken = e;
      }
      if (notes.due(e.getClass().getName())) {
        LOG.atLevel(mayPass ? Level.WARN : Level.ERROR)
            .setCause(mayPass ? null : e)
            .addKeyValue("dependency", what)
            .addKeyValue("cause", cause(e))
            .log("A dependency cannot be used; trying again");
      }
      return false;
    }
  }
}
