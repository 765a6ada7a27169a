package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.StringValue;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.opentelemetry.api.trace.Span;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.testing.PostgresExtension;
import vesper.testing.TestDatabase;

@ExtendWith(PostgresExtension.class)
class AnswersTest {
  private static final String KEY = "0123456789abcdef";

  private final DatabasePool pool;
  private final Database database;
  private final Answers answers;
  private final AtomicInteger works = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  AnswersTest(TestDatabase at) {
    pool = DatabasePool.open(at.jdbcUrl(), at.user(), new Secret(at.password()));
    pool.migrate(List.of("time"));
    database = pool.database("time");
    answers = pool.answers("time");
  }

  @BeforeEach
  void forgetAll() {
    database.run("clear", handle -> handle.execute("delete from time.kept_answer"));
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    pool.close();
  }

  @Test
  void once_again_givesTheFirstAnswerMarkedAsReplayed() {
    CallContext first = call("ann", "t/Add", KEY);
    CallContext second = call("ann", "t/Add", KEY);

    assertThat(once(first, "a")).isEqualTo("a 1");
    assertThat(once(second, "a")).isEqualTo("a 1");

    assertThat(works).hasValue(1);
    assertThat(first.replayed()).isFalse();
    assertThat(second.replayed()).isTrue();
    assertThat(second.kept()).isTrue();
  }

  @Test
  void once_otherRequest_isAReusedKey() {
    once(call("ann", "t/Add", KEY), "a");

    StatusRuntimeException refused =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> once(call("ann", "t/Add", KEY), "b"));

    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(Objects.requireNonNull(StatusProto.fromThrowable(refused)).toString())
        .contains("IDEMPOTENCY_KEY_REUSED");
    assertThat(works).hasValue(1);
  }

  @Test
  void once_otherCallerMethodOrKey_isAnotherCall() {
    once(call("ann", "t/Add", KEY), "a");

    assertThat(once(call("bea", "t/Add", KEY), "a")).isEqualTo("a 2");
    assertThat(once(call("ann", "t/Set", KEY), "a")).isEqualTo("a 3");
    assertThat(once(call("ann", "t/Add", KEY + "0"), "a")).isEqualTo("a 4");
  }

  @Test
  void once_withoutAKey_doesTheWorkEachTime() {
    CallContext keyless = CallContext.of(principal("ann"), "request");

    assertThat(once(keyless, "a")).isEqualTo("a 1");
    assertThat(once(keyless, "a")).isEqualTo("a 2");
    assertThat(rows()).isZero();
  }

  @Test
  void once_workThatThrows_leavesTheKeyFree() {
    Throwable failed =
        catchThrowable(() ->
            once(
                call("ann", "t/Add", KEY),
                "a",
                () -> {
                  throw Refusal.stale(3);
                }));

    assertThat(Status.fromThrowable(failed).getCode()).isEqualTo(Status.Code.ABORTED);
    assertThat(rows()).isZero();
    assertThat(once(call("ann", "t/Add", KEY), "a")).isEqualTo("a 1");
  }

  @Test
  void once_whileTheFirstRuns_waitsForItsAnswer() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    Future<String> first =
        threads.submit(() -> once(call("ann", "t/Add", KEY), "a", held(began, gate)));
    began.await();
    Future<String> second = threads.submit(() -> once(call("ann", "t/Add", KEY), "a"));
    awaitWaiter();
    gate.countDown();

    assertThat(first.get()).isEqualTo("held");
    assertThat(second.get()).isEqualTo("held");
    assertThat(works).hasValue(0);
  }

  @Test
  void once_whileTheFirstRunsTooLong_isAbortedWithADelay() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    Future<String> first =
        threads.submit(() -> once(call("ann", "t/Add", KEY), "a", held(began, gate)));
    began.await();

    StatusRuntimeException aborted =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> once(call("ann", "t/Add", KEY), "a"));
    gate.countDown();

    assertThat(aborted.getStatus().getCode()).isEqualTo(Status.Code.ABORTED);
    assertThat(
            Objects.requireNonNull(StatusProto.fromThrowable(aborted))
                .getDetails(0)
                .unpack(RetryInfo.class)
                .getRetryDelay()
                .getSeconds())
        .isEqualTo(1);
    assertThat(first.get()).isEqualTo("held");
  }

  @Test
  void once_theWorksOwnWaits_areNotBounded() {
    String seen =
        once(
            call("ann", "t/Add", KEY),
            "a",
            handle -> handle.createQuery("show lock_timeout").mapTo(String.class).one());

    assertThat(seen).isEqualTo("0");
  }

  @Test
  void forget_oldAnswers_someAtATime() {
    for (int i = 0; i < 5; i++) {
      once(call("ann", "t/Add", KEY + i), "a");
    }
    database.run(
        "age",
        handle ->
            handle.execute("update time.kept_answer set answered_at = now() - interval '2 hours'"));
    once(call("ann", "t/Add", KEY), "a");

    assertThat(forget(3)).isEqualTo(3);
    assertThat(forget(3)).isEqualTo(2);
    assertThat(forget(3)).isZero();
    assertThat(rows()).isEqualTo(1);
  }

  private int forget(int most) {
    return database.write("forget", handle -> answers.forget(handle, Duration.ofHours(1), most));
  }

  private String once(CallContext call, String request) {
    return once(call, request, () -> request + " " + works.incrementAndGet());
  }

  private String once(CallContext call, String request, Supplier<String> work) {
    return once(call, request, _ -> work.get());
  }

  private String once(CallContext call, String request, Function<Handle, String> work) {
    return call.call(() ->
            database.write(
                "once",
                handle ->
                    answers.once(
                        handle,
                        StringValue.of(request),
                        StringValue.parser(),
                        () -> StringValue.of(work.apply(handle)))))
        .getValue();
  }

  private static Supplier<String> held(CountDownLatch began, CountDownLatch gate) {
    return () -> {
      began.countDown();
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return "held";
    };
  }

  private void awaitWaiter() {
    Awaitility.await()
        .until(() ->
            database.read(
                    "waiters",
                    handle ->
                        handle
                            .createQuery(
                                """
                                select count(*) from pg_stat_activity
                                where datname = current_database() and wait_event = 'transactionid'
                                """)
                            .mapTo(Integer.class)
                            .one())
                == 1);
  }

  private int rows() {
    return database.read(
        "rows",
        handle ->
            handle.createQuery("select count(*) from time.kept_answer").mapTo(Integer.class).one());
  }

  private static Principal principal(String subject) {
    return new Principal(subject, Principal.Kind.PLAYER, Set.of(), Set.of(), "s");
  }

  private static CallContext call(String subject, String method, String key) {
    return new CallContext(
        principal(subject),
        new CallContext.Call("test", method, "request", Span.getInvalid(), key, null, null));
  }
}
