package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.testing.PostgresExtension;
import vesper.testing.TestDatabase;

@ExtendWith(PostgresExtension.class)
class LeaseTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final LeaseSettings PATIENT =
      new LeaseSettings(Duration.ofMinutes(5), Duration.ofMillis(100));

  private final TestDatabase at;
  private final DatabasePool pool;
  private final Database database;
  private final List<Workers> processes = new ArrayList<>();

  LeaseTest(TestDatabase at) {
    this.at = at;
    pool = DatabasePool.open(at.jdbcUrl(), at.user(), new Secret(at.password()));
    database = pool.database("time");
  }

  @BeforeEach
  void create() {
    PausedHolder.createTable(pool);
  }

  @AfterEach
  void close() {
    processes.forEach(process -> process.stop(LONG));
    pool.close();
  }

  private record Written(String writer, long fence) {}

  /// A process is stopped by SIGSTOP for longer than its lease lasts, and woken again.
  @Test
  void holder_stoppedForLongerThanItsLease_writesNothingWhenItWakes() throws Exception {
    Process paused = startProcess();
    try {
      String pid = Long.toString(paused.pid());
      await()
          .atMost(LONG)
          .until(() -> written().stream().anyMatch(row -> row.writer().equals(pid)));
      signal(paused, "STOP");
      process().start("test", PausedHolder.writer(pool, "here"));
      await().atMost(LONG).until(() -> countOf("here") >= 20);
      signal(paused, "CONT");
      long before = countOf("here");
      await().atMost(LONG).until(() -> countOf("here") >= before + 100);
      stopProcesses();
      await().atMost(LONG).until(() -> written().getLast().writer().equals(pid));
    } finally {
      paused.getOutputStream().close();
      paused.waitFor();
    }

    List<Long> fences = written().stream().map(Written::fence).distinct().toList();
    assertThat(written().stream().map(Written::fence)).isSorted();
    assertThat(fences).containsExactly(1L, 2L, 3L);
    assertThat(written().stream().filter(row -> row.fence() == 2).map(Written::writer))
        .containsOnly("here");
  }

  /// The holder stands still between its check and its commit: the database gives its transaction
  /// up, so that the next holder need not wait for it.
  @Test
  void holder_pausedBetweenCheckAndCommit_writesNothing() throws Exception {
    CountDownLatch checked = new CountDownLatch(1);
    CountDownLatch wake = new CountDownLatch(1);
    AtomicReference<@Nullable Exception> refused = new AtomicReference<>();
    LeaseClaim paused = claim();
    Thread holder =
        Thread.startVirtualThread(() -> {
          paused.begin(
              database.write("lease.take", tx -> paused.take(Ask.over(tx))), System.nanoTime());
          try {
            database.run(
                "written.add",
                tx -> {
                  assertThat(paused.check(Ask.over(tx), paused.fence())).isTrue();
                  tx.execute("insert into time.written (writer, fence) values ('paused', 1)");
                  checked.countDown();
                  hold(wake);
                });
          } catch (StatusRuntimeException e) {
            refused.set(e);
          }
        });
    checked.await();

    process().start("test", PausedHolder.writer(pool, "here"));
    await().atMost(LONG).until(() -> countOf("here") > 3);
    wake.countDown();
    holder.join();

    assertThat(refused.get()).isNotNull();
    assertThat(countOf("paused")).isZero();
    assertThat(paused.held()).isFalse();
  }

  /// Work that the database is still busy with when the lease runs out commits before another may
  /// begin.
  @Test
  void take_waitsForWorkThatIsUnderWay() throws Exception {
    CountDownLatch checked = new CountDownLatch(1);
    LeaseClaim first = claim();
    first.begin(database.write("lease.take", tx -> first.take(Ask.over(tx))), System.nanoTime());
    Thread working =
        Thread.startVirtualThread(() ->
            database.run(
                "written.add",
                tx -> {
                  assertThat(first.check(Ask.over(tx), 1)).isTrue();
                  checked.countDown();
                  double longer = 2.0 * PausedHolder.LEASE.duration().toMillis() / 1_000;
                  tx.createQuery("select 1 from pg_sleep(:seconds)")
                      .bind("seconds", longer)
                      .mapTo(Integer.class)
                      .one();
                  tx.execute("insert into time.written (writer, fence) values ('first', 1)");
                }));
    checked.await();
    LeaseClaim second = claim();
    await()
        .atMost(LONG)
        .until(() -> database.write("lease.take", tx -> second.take(Ask.over(tx))) == 2);
    assertThat(countOf("first")).isEqualTo(1);
    working.join();
  }

  @Test
  void renew_doesNotWaitForWorkThatIsUnderWay() {
    LeaseClaim claim = claim();
    claim.begin(database.write("lease.take", tx -> claim.take(Ask.over(tx))), System.nanoTime());
    database.run(
        "written.add",
        working -> {
          assertThat(claim.check(Ask.over(working), 1)).isTrue();
          assertThat(database.<Boolean>write("renew", tx -> claim.renew(Ask.over(tx)))).isTrue();
        });
  }

  @Test
  void check_afterAnotherTookOver_failsTheTransaction() {
    LeaseClaim first = claim();
    first.begin(database.write("lease.take", tx -> first.take(Ask.over(tx))), System.nanoTime());
    LeaseClaim second = claim();
    await()
        .atMost(LONG)
        .until(() -> database.write("lease.take", tx -> second.take(Ask.over(tx))) == 2);

    assertThat(database.<Boolean>write("check", tx -> first.check(Ask.over(tx), 1))).isFalse();
    assertThat(database.<Boolean>write("renew", tx -> first.renew(Ask.over(tx)))).isFalse();
  }

  @Test
  void worker_thatStops_givesTheLeaseUpAtOnce() {
    AtomicReference<String> holder = new AtomicReference<>("");
    Workers one = process();
    one.start("test", patient(holder, "one"));
    await().atMost(LONG).until(() -> holder.get().equals("one"));
    process().start("test", patient(holder, "two"));

    one.stop(LONG);

    await().atMost(LONG).until(() -> holder.get().equals("two"));
  }

  @Test
  void worker_thatFails_leavesTheLeaseToOthers() {
    AtomicReference<String> holder = new AtomicReference<>("");
    CountDownLatch fail = new CountDownLatch(1);
    process()
        .start(
            "test",
            pool.leases("time", PATIENT)
                .worker(
                    "writer",
                    (lease, stop) -> {
                      holder.set("failing");
                      fail.await();
                      throw new IllegalStateException("no");
                    }));
    await().atMost(LONG).until(() -> holder.get().equals("failing"));
    process().start("test", patient(holder, "other"));

    fail.countDown();

    await().atMost(LONG).until(() -> holder.get().equals("other"));
  }

  @Test
  void worker_whoseLeaseIsTaken_isAskedToStopAndBeginsAgain() {
    AtomicInteger runs = new AtomicInteger();
    process()
        .start(
            "test",
            pool.leases("time", PausedHolder.LEASE)
                .worker(
                    "writer",
                    (lease, stop) -> {
                      runs.incrementAndGet();
                      boolean stopped = stop.await(LONG);
                      assertThat(stopped).isTrue();
                    }));
    await().atMost(LONG).until(() -> runs.get() == 1);

    database.run(
        "steal",
        tx ->
            tx.execute(
                "update time.lease set holder = 'thief', fence = fence + 1,"
                    + " expires_at = clock_timestamp() + interval '300 ms'"));

    await().atMost(LONG).until(() -> runs.get() == 2);
  }

  @Test
  void worker_thatCannotWork_leavesTheLease() {
    AtomicBoolean able = new AtomicBoolean(true);
    AtomicReference<String> holder = new AtomicReference<>("");
    process()
        .start(
            "test",
            pool.leases("time", PATIENT)
                .worker(
                    "writer",
                    able::get,
                    (lease, stop) -> {
                      holder.set("one");
                      boolean stopped = stop.await(LONG);
                      assertThat(stopped).isTrue();
                    }));
    await().atMost(LONG).until(() -> holder.get().equals("one"));
    process().start("test", patient(holder, "two"));

    able.set(false);
    await().atMost(LONG).until(() -> holder.get().equals("two"));
  }

  @Test
  void worker_thatReturns_isOver() {
    AtomicInteger runs = new AtomicInteger();
    process()
        .start(
            "test",
            pool.leases("time", PATIENT).worker("writer", (lease, stop) -> runs.incrementAndGet()));
    AtomicReference<String> holder = new AtomicReference<>("");
    await().atMost(LONG).until(() -> runs.get() == 1);
    process().start("test", patient(holder, "two"));

    await().atMost(LONG).until(() -> holder.get().equals("two"));
    assertThat(runs).hasValue(1);
  }

  @Test
  void settings_thatCannotWork_areRefused() {
    assertThatThrownBy(() -> new LeaseSettings(Duration.ofSeconds(9), Duration.ofSeconds(5)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LeaseSettings(Duration.ofHours(1), Duration.ofSeconds(5)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Worker patient(AtomicReference<String> holder, String name) {
    return pool.leases("time", PATIENT)
        .worker(
            "writer",
            (lease, stop) -> {
              holder.set(name);
              boolean stopped = stop.await(LONG);
              assertThat(stopped).isTrue();
            });
  }

  private LeaseClaim claim() {
    return new LeaseClaim(
        "time",
        "writer",
        PausedHolder.LEASE,
        new io.micrometer.core.instrument.simple.SimpleMeterRegistry());
  }

  private Workers process() {
    Workers process = new Workers();
    processes.add(process);
    return process;
  }

  private void stopProcesses() {
    processes.forEach(process -> process.stop(LONG));
  }

  private Process startProcess() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            PausedHolder.class.getName(),
            at.jdbcUrl(),
            at.user(),
            at.password())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static void signal(Process process, String signal)
      throws IOException, InterruptedException {
    int exit =
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    assertThat(exit).isZero();
  }

  private long countOf(String writer) {
    return written().stream().filter(row -> row.writer().equals(writer)).count();
  }

  private List<Written> written() {
    return database.read(
        "written.all",
        handle ->
            handle
                .createQuery("select writer, fence from time.written order by n")
                .map((row, _) -> new Written(row.getString("writer"), row.getLong("fence")))
                .list());
  }

  private static void hold(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
