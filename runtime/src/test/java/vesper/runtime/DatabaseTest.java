package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.testing.PostgresExtension;
import vesper.testing.TestDatabase;

@ExtendWith(PostgresExtension.class)
class DatabaseTest {
  private static final String COUNT = "update time.counter set value = value + 1 where name = 'c'";

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final DatabasePool pool;
  private final Database database;

  DatabaseTest(TestDatabase at) {
    pool =
        new DatabasePool(
            new DatabasePool.Address(at.jdbcUrl(), at.user(), new Secret(at.password())),
            new DatabaseSettings(
                2, Duration.ofSeconds(2), Duration.ofMillis(250), Duration.ofSeconds(1)),
            meters,
            new Tracing());
    pool.migrate(List.of("time"));
    database = pool.database("time");
  }

  @BeforeEach
  void reset() {
    database.run(
        "counter.reset",
        handle -> {
          handle.execute("delete from time.counter");
          handle.execute("insert into time.counter values ('c', 0)");
        });
  }

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void migrate_again_changesNothing() {
    pool.migrate(List.of("time"));

    assertThat(value()).isZero();
  }

  @Test
  void migrate_nameThatIsNoDomain_isRefused() {
    assertThatThrownBy(() -> pool.migrate(List.of("time; drop")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void read_thatWrites_isRefusedByTheDatabase() {
    assertThatThrownBy(() -> database.read("wrong", handle -> handle.execute(COUNT)))
        .isInstanceOf(UnableToExecuteStatementException.class)
        .hasMessageContaining("read-only");
  }

  @Test
  void write_thatThrows_leavesNothing() {
    assertThatThrownBy(() ->
            database.run(
                "half",
                handle -> {
                  handle.execute(COUNT);
                  throw new IllegalStateException("half way");
                }))
        .hasMessage("half way");

    assertThat(value()).isZero();
  }

  @Test
  void write_afterASerializationFailure_runsAgain() throws Exception {
    CyclicBarrier bothRead = new CyclicBarrier(2);
    AtomicInteger attempts = new AtomicInteger();
    List<Thread> writers =
        List.of(
            Thread.startVirtualThread(() -> increment(attempts, bothRead)),
            Thread.startVirtualThread(() -> increment(attempts, bothRead)));
    for (Thread writer : writers) {
      writer.join();
    }

    assertThat(value()).isEqualTo(2);
    assertThat(attempts).hasValue(3);
  }

  @Test
  void write_collidingEveryTime_isAbortedWithADelay() {
    AtomicInteger attempts = new AtomicInteger();

    StatusRuntimeException aborted =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                database.run(
                    "collide",
                    handle -> {
                      attempts.incrementAndGet();
                      handle.execute("do $$ begin raise serialization_failure; end $$");
                    }));

    assertThat(aborted.getStatus().getCode()).isEqualTo(Status.Code.ABORTED);
    assertThat(attempts).hasValue(3);
  }

  @Test
  void read_slowStatement_endsWithTheDeadline() {
    StatusRuntimeException late =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> database.read("slow", handle -> handle.execute("select pg_sleep(60)")));

    assertThat(late.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
  }

  @Test
  void read_textWithNul_isAMistakeOfTheCaller() {
    StatusRuntimeException refused =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                database.read(
                    "nul",
                    handle ->
                        handle
                            .createQuery("select :text")
                            .bind("text", "a\0b")
                            .mapTo(String.class)
                            .one()));

    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void read_noConnectionFree_isUnavailableAfterTheWait() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch taken = new CountDownLatch(2);
    for (int i = 0; i < 2; i++) {
      Thread.startVirtualThread(() ->
          database.run(
              "hold",
              handle -> {
                taken.countDown();
                await(release);
              }));
    }
    taken.await();

    StatusRuntimeException refused =
        catchThrowableOfType(StatusRuntimeException.class, this::value);

    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(meters.get("vesper.db.pool").tag("state", "active").gauge().value()).isEqualTo(2);
    release.countDown();
  }

  @Test
  void read_databaseAway_isUnavailable() {
    try (DatabasePool nowhere =
        DatabasePool.open("jdbc:postgresql://127.0.0.1:1/none", "nobody", new Secret("x"))) {
      StatusRuntimeException refused =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () -> nowhere.database("time").read("any", Handle::isInTransaction));

      assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }
  }

  @Test
  void read_mistakeInTheStatement_isNoRefusal() {
    assertThatThrownBy(() -> database.read("typo", handle -> handle.execute("selec 1")))
        .isInstanceOf(UnableToExecuteStatementException.class);
  }

  private void increment(AtomicInteger attempts, CyclicBarrier bothRead) {
    database.run(
        "counter.increment",
        handle -> {
          handle.setTransactionIsolationLevel(TransactionIsolationLevel.SERIALIZABLE);
          boolean first = attempts.incrementAndGet() <= 2;
          long value = value(handle);
          if (first) {
            await(bothRead);
          }
          handle.execute("update time.counter set value = ? where name = 'c'", value + 1);
        });
  }

  private long value() {
    return database.read("counter.value", DatabaseTest::value);
  }

  private static long value(Handle handle) {
    return handle
        .createQuery("select value from time.counter where name = 'c'")
        .mapTo(Long.class)
        .one();
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | java.util.concurrent.BrokenBarrierException e) {
      throw new AssertionError(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
