package vesper.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.runtime.Config;
import vesper.runtime.Host;
import vesper.runtime.InstallationKeys;
import vesper.runtime.LeaseLostException;
import vesper.runtime.Leases;
import vesper.runtime.ServiceContext;
import vesper.runtime.ServiceModule;
import vesper.runtime.Stopping;
import vesper.runtime.Wiring;
import vesper.runtime.Worker;
import vesper.testing.NatsExtension;
import vesper.testing.PostgresExtension;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;
import vesper.time.ClockStore.Origin;
import vesper.time.ClockStore.Progress;
import vesper.time.ClockStore.Step;
import vesper.time.v1.HourChanged;
import vesper.time.v1.Paused;
import vesper.time.v1.Resumed;
import vesper.time.v1.TimeTick;

@ExtendWith({NatsExtension.class, PostgresExtension.class})
class PostgresClockStoreTest {
  private static final Origin TESTER = new Origin("tester", "test");
  private static final Instant START = TestClock.START;
  private static final Clock FIRST = Clock.starting(START, Worlds.SEVEN, new ClockRate(60, 1));

  private static @Nullable Host host;
  private static @Nullable Jdbi database;
  private static @Nullable ClockStore shared;
  private static @Nullable Tables tables;
  private String world = "";

  private ClockStore store() {
    return Objects.requireNonNull(shared);
  }

  @BeforeAll
  static void start(TestNats nats, TestDatabase schema) {
    Tables module = new Tables();
    tables = module;
    host =
        Host.builder()
            .config(
                Config.of(
                    Map.of(
                        "vesper.runtime.lease.duration", "600ms",
                        "vesper.runtime.lease.renew", "100ms")))
            .nats(nats.url())
            .database(schema.jdbcUrl(), schema.user(), schema.password())
            .keys(InstallationKeys.ephemeral())
            .modules(List.of(module))
            .build();
    host.start();
    database = Jdbi.create(schema.dataSource());
    shared = Objects.requireNonNull(module.store);
  }

  @AfterAll
  static void stop() {
    if (host != null) {
      host.close();
    }
  }

  @BeforeEach
  void nameWorld(TestInfo test) {
    world = "w" + Integer.toHexString(test.getDisplayName().hashCode());
  }

  @Test
  void create_twice_keepsTheFirst() {
    store().create(world, FIRST);
    store().create(world, Clock.starting(START.plusSeconds(9), 0, new ClockRate(1, 1)));
    assertThat(store().findNewest(Set.of(world, "nowhere"))).isEqualTo(Map.of(world, FIRST));
  }

  @Test
  void step_thatChangesTheClock_addsAnAnchor() {
    store().create(world, FIRST);
    Clock paused =
        FIRST
            .withRate(START.plusMillis(1), new ClockRate(10_000, 3))
            .withPause(START.plusMillis(2), "menu");
    Clock first = FIRST.withRate(START.plusMillis(1), new ClockRate(10_000, 3));
    change(first);
    change(paused);
    assertThat(store().findNewest(Set.of(world))).isEqualTo(Map.of(world, paused));
    assertThat(store().findAt(world, START.plusMillis(1))).contains(first);
    assertThat(rows("clock_anchor")).isEqualTo(3);
  }

  @Test
  void step_thatFails_leavesNothing() {
    store().create(world, FIRST);
    Clock changed = FIRST.withPause(START.plusSeconds(1), "menu");
    Message noEvent = TimeTick.getDefaultInstance();
    assertThatThrownBy(() ->
            store()
                .step(
                    world,
                    _ ->
                        new Step(
                            changed,
                            Worlds.SEVEN + 60,
                            List.of(new Boundary(Boundary.Kind.HOUR, Worlds.SEVEN + 60)),
                            List.of(hour(Worlds.SEVEN + 60), noEvent),
                            TESTER)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(store().findNewest(Set.of(world))).isEqualTo(Map.of(world, FIRST));
    assertThat(rows("boundary")).isZero();
    assertThat(events()).isEmpty();
    assertThat(progress().announcedTo()).isEqualTo(Worlds.SEVEN);
  }

  @Test
  void findAt_isTheClockInForce() {
    Clock second = FIRST.withRate(START.plusSeconds(10), new ClockRate(1, 1));
    Clock third = second.withPause(START.plusSeconds(10), "menu");
    store().create(world, FIRST);
    change(second);
    change(third);
    assertThat(store().findAt(world, START.minusMillis(1))).isEmpty();
    assertThat(store().findAt(world, START)).contains(FIRST);
    assertThat(store().findAt(world, START.plusMillis(9_999))).contains(FIRST);
    assertThat(store().findAt(world, START.plusMillis(10_000))).contains(third);
  }

  @Test
  void findReaching_isTheStretchInWhichAMomentCame() {
    Clock paused = FIRST.withPause(START.plusSeconds(10), "menu");
    Clock resumed = paused.withoutPause(START.plusSeconds(99), "menu");
    store().create(world, FIRST);
    change(paused);
    change(resumed);
    assertThat(store().findReaching(world, Worlds.SEVEN - 1)).isEmpty();
    assertThat(store().findReaching(world, Worlds.SEVEN)).contains(FIRST);
    assertThat(store().findReaching(world, Worlds.SEVEN + 600)).contains(FIRST);
    assertThat(store().findReaching(world, Worlds.SEVEN + 601)).contains(resumed);
  }

  /// Four announcers and somebody who pauses and resumes, all at the same time, over ten days of
  /// hours: each boundary is stored and published once, in the order of time.
  @Test
  void announcers_atTheSameTime_tellEachBoundaryOnce() throws Exception {
    TestClock time = TestClock.create();
    List<Callable<Integer>> work = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Timekeeper replica = new Timekeeper(List.of(Worlds.standard(world)), store(), time);
      WorldClock mine = replica.world(world);
      work.add(() -> {
        int turns = 0;
        while (replica.announce(OnlyHolder.LEASE, mine).announcedTo()
            < Worlds.SEVEN + 240 * 3_600) {
          time.advance(Duration.ofSeconds(15));
          turns++;
        }
        return turns;
      });
    }
    Timekeeper replica = new Timekeeper(List.of(Worlds.standard(world)), store(), time);
    WorldClock mine = replica.world(world);
    work.add(() -> {
      for (int i = 0; i < 20; i++) {
        replica.change(mine, TESTER, (clock, at) -> clock.withPause(at, "menu"));
        replica.change(mine, TESTER, (clock, at) -> clock.withoutPause(at, "menu"));
      }
      return 20;
    });
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> done : threads.invokeAll(work)) {
        assertThat(done.get()).isPositive();
      }
    }
    long end = progress().announcedTo();
    List<Announcement> expected =
        new Boundaries(Worlds.standard(world).calendar(), Long.MAX_VALUE)
            .between(Worlds.SEVEN, end);
    assertThat(rows("boundary")).isEqualTo(expected.size());
    List<Long> moments = new ArrayList<>();
    List<Long> all = new ArrayList<>();
    for (Message event : events()) {
      long moment =
          (long) event.getField(event.getDescriptorForType().findFieldByName("game_seconds"));
      all.add(moment);
      if (!(event instanceof Paused || event instanceof Resumed)) {
        moments.add(moment);
      }
    }
    assertThat(moments)
        .isEqualTo(expected.stream().map(told -> ((Boundary) told).gameSeconds()).toList());
    assertThat(all).isSorted().hasSize(moments.size() + 40);
  }

  @Test
  void step_underALostLease_leavesNothing() {
    store().create(world, FIRST);
    assertThatThrownBy(() ->
            store()
                .step(
                    new OnlyHolder(false),
                    world,
                    progress ->
                        new Step(
                            progress.clock(),
                            Worlds.SEVEN + 60,
                            List.of(new Boundary(Boundary.Kind.HOUR, Worlds.SEVEN + 60)),
                            List.of(hour(Worlds.SEVEN + 60)),
                            Origin.WORLD)))
        .isInstanceOf(LeaseLostException.class);
    assertThat(rows("boundary")).isZero();
    assertThat(events()).isEmpty();
    assertThat(progress().announcedTo()).isEqualTo(Worlds.SEVEN);
  }

  /// An announcer stands still in the middle of its transaction until its lease has run out and
  /// another has announced; then it wakes.
  @Test
  void announcer_pausedForLongerThanItsLease_tellsNothingWhenItWakes() throws Exception {
    store().create(world, FIRST);
    Instant later = START.plusSeconds(90);
    CountDownLatch paused = new CountDownLatch(1);
    CountDownLatch wake = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    AtomicLong first = new AtomicLong();
    AtomicLong second = new AtomicLong();
    Timekeeper sleeper = new Timekeeper(List.of(Worlds.standard(world)), store(), () -> later);
    Timekeeper sleeping =
        new Timekeeper(
            List.of(Worlds.standard(world)),
            store(),
            () -> {
              paused.countDown();
              hold(wake);
              return later;
            });
    // Knows the clock already, so that its first look at the time is inside the step.
    sleeping.refresh();
    Leases leases = Objects.requireNonNull(tables).leases();
    Thread one =
        start(
            leases.worker(
                world,
                (lease, stop) -> {
                  first.compareAndSet(0, lease.fence());
                  try {
                    sleeping.announce(lease, sleeping.world(world));
                  } catch (StatusRuntimeException | LeaseLostException refused) {
                    ended.countDown();
                  }
                }));
    paused.await();
    // A process that stands still would not renew; this one does, so its lease is taken away. The
    // next holder waits until the database has ended the transaction that stands still.
    Objects.requireNonNull(database)
        .useHandle(handle ->
            handle.execute(
                "update time.lease set holder = 'another', fence = fence + 1, expires_at = now()"
                    + " where name = ?",
                world));
    Thread other =
        start(
            leases.worker(
                world,
                (lease, stop) -> {
                  second.compareAndSet(0, lease.fence());
                  sleeper.announce(lease, sleeper.world(world));
                }));
    other.join();
    wake.countDown();
    one.join();

    assertThat(ended.getCount()).isZero();
    assertThat(second.get()).isEqualTo(first.get() + 2);
    assertThat(rows("boundary")).isEqualTo(1);
    assertThat(events()).hasSize(1);
  }

  private static Thread start(Worker worker) {
    return Thread.startVirtualThread(() -> {
      try {
        worker.run(
            new Stopping() {
              @Override
              public boolean requested() {
                return false;
              }

              @Override
              public boolean await(Duration time) throws InterruptedException {
                return new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
              }
            });
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    });
  }

  private static void hold(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void forgetBoundaries_dropsOldOnes() {
    store().create(world, FIRST);
    store()
        .step(
            world,
            progress ->
                new Step(
                    progress.clock(),
                    Worlds.SEVEN + 60,
                    List.of(new Boundary(Boundary.Kind.HOUR, Worlds.SEVEN + 60)),
                    List.of(),
                    Origin.WORLD));
    store().forgetBoundaries(OnlyHolder.LEASE, Duration.ofDays(1));
    assertThat(rows("boundary")).isEqualTo(1);
    store().forgetBoundaries(OnlyHolder.LEASE, Duration.ofDays(-1));
    assertThat(rows("boundary")).isZero();
  }

  private void change(Clock clock) {
    Step step =
        store()
            .step(
                world,
                progress ->
                    new Step(clock, progress.announcedTo(), List.of(), List.of(resumed()), TESTER));
    assertThat(step.clock()).isEqualTo(clock);
  }

  private Progress progress() {
    List<Progress> seen = new ArrayList<>();
    store()
        .step(
            world,
            progress -> {
              seen.add(progress);
              return new Step(
                  progress.clock(), progress.announcedTo(), List.of(), List.of(), Origin.WORLD);
            });
    return seen.getLast();
  }

  private Message hour(long gameSeconds) {
    return HourChanged.newBuilder().setWorldId(world).setGameSeconds(gameSeconds).build();
  }

  private Message resumed() {
    return Resumed.newBuilder().setWorldId(world).build();
  }

  private int rows(String table) {
    return Objects.requireNonNull(database)
        .withHandle(handle ->
            handle
                .createQuery("select count(*) from time." + table + " where world = :world")
                .bind("world", world)
                .mapTo(Integer.class)
                .one());
  }

  /// Returns what the outbox took of this test's world, oldest first.
  private List<Message> events() {
    return Objects.requireNonNull(database)
        .withHandle(handle ->
            handle
                .createQuery(
                    """
                    select subject, payload from time.outbox
                    where subject like '%.' || :world order by seq\
                    """)
                .bind("world", world)
                .map((row, _) ->
                    StoredEvents.parse(row.getString("subject"), row.getBytes("payload")))
                .list());
  }

  /// A service that has the clock's tables and nothing else.
  private static final class Tables implements ServiceModule {
    private @Nullable ClockStore store;
    private @Nullable Leases leases;

    Leases leases() {
      return Objects.requireNonNull(leases);
    }

    @Override
    public String id() {
      return "time-manager";
    }

    @Override
    public String domain() {
      return "time";
    }

    @Override
    public Wiring wire(ServiceContext context) {
      store = new PostgresClockStore(context.database(), context.outbox());
      leases = context.leases();
      return Wiring.of();
    }
  }
}
