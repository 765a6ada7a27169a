package vesper.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class SweeperTest {
  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final long FAR = TimeUnit.HOURS.toNanos(1);

  @Test
  void wakeBy_sweepsNotBeforeTheMoment() throws Exception {
    AtomicLong due = new AtomicLong(System.nanoTime() + FAR);
    CountDownLatch swept = new CountDownLatch(1);
    Sweeper.Source source =
        now -> {
          if (now - due.get() >= 0) {
            swept.countDown();
            return now + FAR;
          }
          return due.get();
        };
    Sweeper.SHARED.add(source);
    try {
      due.set(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20));
      Sweeper.SHARED.wakeBy(due.get());

      assertThat(swept.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(System.nanoTime() - due.get()).isNotNegative();
    } finally {
      Sweeper.SHARED.remove(source);
    }
  }

  @Test
  void sourceThatThrows_doesNotStopTheOthers() {
    AtomicInteger sweeps = new AtomicInteger();
    Sweeper.Source bad =
        now -> {
          throw new IllegalStateException("broken source");
        };
    Sweeper.Source good =
        now -> {
          sweeps.incrementAndGet();
          return now + TimeUnit.MILLISECONDS.toNanos(5);
        };
    Sweeper.SHARED.add(bad);
    Sweeper.SHARED.add(good);
    try {
      await().atMost(BOUND).until(() -> sweeps.get() > 5);
    } finally {
      Sweeper.SHARED.remove(bad);
      Sweeper.SHARED.remove(good);
    }
  }

  @Test
  void timers_fireInOrderAndNotWhenCancelled() {
    SweptTimers timers = new SweptTimers(Sweeper.SHARED);
    List<String> fired = new java.util.concurrent.CopyOnWriteArrayList<>();
    ScheduledFuture<?> cancelled =
        timers.schedule(() -> fired.add("never"), 40, TimeUnit.MILLISECONDS);
    ScheduledFuture<?> late = timers.schedule(() -> fired.add("late"), 120, TimeUnit.MILLISECONDS);
    ScheduledFuture<?> early = timers.schedule(() -> fired.add("early"), 20, TimeUnit.MILLISECONDS);

    assertThat(early.getDelay(TimeUnit.NANOSECONDS))
        .isLessThan(late.getDelay(TimeUnit.NANOSECONDS));
    assertThat(early.getDelay(TimeUnit.MILLISECONDS)).isLessThanOrEqualTo(20);
    assertThat(cancelled.cancel(false)).isTrue();
    await().atMost(BOUND).until(() -> late.isDone() && early.isDone());
    await().atMost(BOUND).until(() -> fired.equals(List.of("early", "late")));
    timers.shutdownNow();
    assertThat(timers.isShutdown()).isTrue();
    assertThat(timers.isTerminated()).isTrue();
    assertThat(timers.awaitTermination(1, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void timers_doNotRepeat() {
    SweptTimers timers = new SweptTimers(Sweeper.SHARED);

    assertThatThrownBy(() -> timers.scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.SECONDS))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> timers.scheduleWithFixedDelay(() -> {}, 1, 1, TimeUnit.SECONDS))
        .isInstanceOf(UnsupportedOperationException.class);
    timers.shutdown();
  }
}
