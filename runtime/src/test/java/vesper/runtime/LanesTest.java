package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.impl.NatsMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class LanesTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private static Delivery delivery(String key, long seq, long count) {
    return new Delivery(
        NatsMessage.builder().subject("evt").data(new byte[0]).build(), seq, count, key);
  }

  /// Events of some keys, some of which fail a few times and come again: those of a key are done
  /// with in their order, one at a time, and at most sixteen keys are under way.
  @Property(tries = 40)
  void anyFailures_leaveTheOrderOfKeys(@ForAll long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    int events = random.nextInt(1, 120);
    int keys = random.nextInt(1, 40);
    Map<Long, Integer> failures = new HashMap<>();
    Map<String, List<Long>> expected = new HashMap<>();
    List<Delivery> all = new ArrayList<>();
    for (long seq = 1; seq <= events; seq++) {
      String key = "key-" + random.nextInt(keys);
      failures.put(seq, Math.max(0, random.nextInt(8) - 4));
      expected.computeIfAbsent(key, _ -> new ArrayList<>()).add(seq);
      all.add(delivery(key, seq, 1));
    }
    Map<String, List<Long>> done = new ConcurrentHashMap<>();
    Map<String, AtomicInteger> busy = new ConcurrentHashMap<>();
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch left = new CountDownLatch(events);
    Lanes[] lanes = new Lanes[1];
    lanes[0] =
        new Lanes((delivery, place) -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          AtomicInteger together = busy.computeIfAbsent(delivery.key(), _ -> new AtomicInteger());
          assertThat(together.incrementAndGet()).isEqualTo(1);
          together.decrementAndGet();
          running.decrementAndGet();
          if (delivery.count() <= failures.getOrDefault(delivery.seq(), 0)) {
            Delivery again = delivery(delivery.key(), delivery.seq(), delivery.count() + 1);
            Thread.startVirtualThread(() -> lanes[0].take(again));
            return Lanes.Verdict.AGAIN;
          }
          done.computeIfAbsent(delivery.key(), _ -> Collections.synchronizedList(new ArrayList<>()))
              .add(delivery.seq());
          left.countDown();
          return Lanes.Verdict.DONE;
        });

    all.forEach(lanes[0]::take);
    left.await();

    assertThat(done).isEqualTo(expected);
    assertThat(most).hasValueLessThanOrEqualTo(16);
    assertThat(lanes[0].close(LONG)).isEmpty();
  }

  @Test
  void expectedEvent_isWaitedForUnlessItIsGivenUp() throws Exception {
    List<Long> done = Collections.synchronizedList(new ArrayList<>());
    Lanes lanes =
        new Lanes((delivery, place) -> {
          done.add(delivery.seq());
          return Lanes.Verdict.DONE;
        });
    lanes.expect("a", 1);
    lanes.expect("b", 2);
    lanes.take(delivery("a", 3, 1));
    lanes.take(delivery("b", 4, 1));
    lanes.take(delivery("c", 5, 1));
    Awaitility.await().atMost(LONG).until(() -> done.equals(List.of(5L)));
    assertThat(lanes.awaits()).isTrue();

    assertThat(lanes.giveUp(1, LONG)).isEmpty();
    Awaitility.await().atMost(LONG).until(() -> done.equals(List.of(5L, 3L)));
    assertThat(lanes.giveUp(0, Duration.ZERO)).containsExactly(2L);
    Awaitility.await().atMost(LONG).until(() -> done.equals(List.of(5L, 3L, 4L)));
    assertThat(lanes.awaits()).isFalse();
    assertThat(lanes.close(LONG)).isEmpty();
  }

  @Test
  void close_givesBackWhatIsLeft() throws Exception {
    Lanes lanes = new Lanes((delivery, place) -> Lanes.Verdict.LEFT);
    lanes.take(delivery("a", 1, 1));
    lanes.take(delivery("a", 2, 1));
    lanes.expect("a", 3);

    assertThat(lanes.close(LONG)).extracting(Delivery::seq).containsExactly(1L, 2L);
  }

  @Test
  void remove_whileTheHandlerHangs_letsTheNextGoOn() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    Lanes lanes =
        new Lanes((delivery, place) -> {
          if (delivery.seq() == 1) {
            try {
              never.await();
            } finally {
              interrupted.countDown();
            }
          }
          second.countDown();
          return Lanes.Verdict.DONE;
        });
    lanes.take(delivery("a", 1, 1));
    lanes.take(delivery("a", 2, 1));

    lanes.remove(1);

    second.await();
    interrupted.await();
    assertThat(lanes.close(LONG)).isEmpty();
  }
}
