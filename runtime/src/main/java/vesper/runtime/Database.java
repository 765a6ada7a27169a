package vesper.runtime;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/// A service's way to its tables, over the one pool of the process. Every statement is written with
/// the schema in it (`select … from time.clock_anchor`), is ended after the statement time-out, and
/// waits a bounded time for a connection: while the database is away, calls end with UNAVAILABLE
/// and a retry delay.
///
/// Each piece of work has a name, as in `anchor.find`: a constant that metrics, spans and logs
/// show.
public final class Database {
  private static final int ATTEMPTS = 3;
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final String SERIALIZATION_FAILURE = "40001";
  private static final String DEADLOCK = "40P01";
  private static final String UNSTORABLE_TEXT = "22021";
  private static final String STATEMENT_TIMEOUT = "57014";
  private static final String IDLE_IN_TRANSACTION = "25P03";

  private final String domain;
  private final Jdbi jdbi;
  private final MeterRegistry meters;
  private final Tracing tracing;
  private final ConcurrentHashMap<String, Work> known = new ConcurrentHashMap<>();

  Database(String domain, Jdbi jdbi, MeterRegistry meters, Tracing tracing) {
    this.domain = domain;
    this.jdbi = jdbi;
    this.meters = meters;
    this.tracing = tracing;
  }

  /// Runs the work in a read-only transaction.
  ///
  /// @throws StatusRuntimeException UNAVAILABLE while the database is away, DEADLINE_EXCEEDED after
  ///   the statement time-out
  public <T> T read(String name, Function<Handle, T> work) {
    return observe(name, () -> transaction(true, work));
  }

  /// Runs the work in a transaction. After a serialization failure or a deadlock it runs again, at
  /// most three times in all, so it changes nothing outside the database.
  ///
  /// @throws StatusRuntimeException as [#read]; ABORTED when three attempts collided with others
  public <T> T write(String name, Function<Handle, T> work) {
    return observe(
        name,
        () -> {
          for (int attempt = 1; ; attempt++) {
            try {
              return transaction(false, work);
            } catch (JdbiException e) {
              String state = sqlState(e);
              boolean collided = SERIALIZATION_FAILURE.equals(state) || DEADLOCK.equals(state);
              if (!collided) {
                throw e;
              }
              if (attempt == ATTEMPTS) {
                throw Refusal.running(RETRY, "the same data are being changed by others");
              }
              LockSupport.parkNanos(
                  ThreadLocalRandom.current().nextLong(Duration.ofMillis(5L << attempt).toNanos()));
            }
          }
        });
  }

  /// Runs the work as [#write] does, when it has nothing to return.
  public void run(String name, Consumer<Handle> work) {
    Boolean done =
        write(
            name,
            handle -> {
              work.accept(handle);
              return true;
            });
    assert done;
  }

  private <T> T transaction(boolean readOnly, Function<Handle, T> work) {
    try (Handle handle = jdbi.open()) {
      handle.setReadOnly(readOnly);
      return handle.inTransaction(work::apply);
    }
  }

  private <T> T observe(String name, Attempt<T> attempt) {
    Work work = known.computeIfAbsent(name, this::work);
    Span parent = CallContext.find().map(CallContext::span).orElse(Span.getInvalid());
    Span span =
        parent.getSpanContext().isValid()
            ? tracing.child(parent, CallContext.current().service(), work.span(), SpanKind.INTERNAL)
            : parent;
    long start = System.nanoTime();
    boolean failed = true;
    try {
      T result = attempt.run();
      failed = false;
      return result;
    } catch (JdbiException e) {
      StatusRuntimeException refusal = refusal(e);
      if (refusal == null) {
        throw e;
      }
      throw refusal;
    } finally {
      work.timer().record(Duration.ofNanos(System.nanoTime() - start));
      Tracing.end(span, failed ? "ERROR" : "OK", failed);
    }
  }

  /// Returns what a failure means to a caller when it is not a mistake in the code.
  private static @Nullable StatusRuntimeException refusal(JdbiException failure) {
    String state = sqlState(failure);
    if (STATEMENT_TIMEOUT.equals(state)) {
      return Status.DEADLINE_EXCEEDED
          .withDescription("the database took too long")
          .withCause(failure)
          .asRuntimeException();
    }
    if (IDLE_IN_TRANSACTION.equals(state)) {
      return Refusal.running(RETRY, "the process stood still in the middle of its work");
    }
    if (UNSTORABLE_TEXT.equals(state)) {
      return Status.INVALID_ARGUMENT
          .withDescription("a text has characters that cannot be stored, such as NUL")
          .withCause(failure)
          .asRuntimeException();
    }
    return isAway(failure) ? Refusal.unavailable(RETRY, "the database is away") : null;
  }

  /// Whether a failure means that the database cannot be reached now.
  static boolean isAway(Throwable failure) {
    String state = sqlState(failure);
    // Class 08: connection; 57P01 to 57P03: the server stops or starts; 53: no resources left.
    return state.startsWith("08") || state.startsWith("57P") || state.startsWith("53");
  }

  /// Returns the SQL state behind a failure, `08000` when no connection was had in time and nothing
  /// says why, or an empty text.
  static String sqlState(Throwable failure) {
    String state = "";
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof SQLException sql && sql.getSQLState() != null) {
        state = sql.getSQLState();
      } else if (at instanceof SQLTransientConnectionException) {
        state = "08000";
      }
    }
    return state;
  }

  private Work work(String name) {
    return new Work(
        "store " + name,
        Timer.builder("vesper.db.duration")
            .tag("statement", domain + "." + name)
            .description("Time of a piece of database work, its transaction included")
            .register(meters));
  }

  private record Work(String span, Timer timer) {}

  @FunctionalInterface
  private interface Attempt<T> {
    T run();
  }
}
