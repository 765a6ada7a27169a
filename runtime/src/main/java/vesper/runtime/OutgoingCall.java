package vesper.runtime;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.opentelemetry.api.trace.Span;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vesper.transport.ConnectionLostException;
import vesper.transport.NatsChannel;
import vesper.transport.Refusal;

/// One call on its way out. It is sent again, at most twice and after a random pause, while nothing
/// of an answer has arrived: when nobody accepted it, or when the callee became unavailable and a
/// repeat does no harm. While its breaker is open it is not sent at all.
final class OutgoingCall<Q, A> extends ClientCall<Q, A> {
  private static final Logger LOG = LoggerFactory.getLogger(OutgoingCall.class);
  private static final Set<Status.Code> NO_WORD =
      Set.of(Status.Code.CANCELLED, Status.Code.UNAVAILABLE, Status.Code.DEADLINE_EXCEEDED);
  private static final int ATTEMPTS = 3;
  private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(20).toNanos();

  private final ClientChain chain;
  private final ClientChain.ClientMethod method;
  private final MethodDescriptor<Q, A> descriptor;
  private final CallOptions options;
  private final Channel next;
  private final Context context = Context.current();
  private final long started = System.nanoTime();
  private final Breaker breaker;
  private Span span = Span.getInvalid();

  // Guarded by this: what a repeat must do again. The lock is never held while another call is
  // made.
  private @Nullable ClientCall<Q, A> attempt;
  private @Nullable Metadata headers;
  private @Nullable Q request;
  private int requested;
  private boolean halfClosed;
  private boolean cancelled;
  private int attempts = 1;

  OutgoingCall(
      ClientChain chain,
      ClientChain.ClientMethod method,
      MethodDescriptor<Q, A> descriptor,
      CallOptions options,
      Channel next) {
    this.chain = chain;
    this.method = method;
    this.descriptor = descriptor;
    this.options = options;
    this.next = next;
    this.breaker = method.breaker();
  }

  @Override
  public void start(Listener<A> listener, Metadata given) {
    span = chain.begin(method, given);
    Breaker.Admission admission = breaker.admit(started);
    if (admission == Breaker.Admission.REFUSED) {
      StatusRuntimeException open = method.refusal(started);
      end(Status.Code.UNAVAILABLE);
      listener.onClose(open.getStatus(), Objects.requireNonNull(open.getTrailers()));
      return;
    }
    ClientCall<Q, A> first;
    synchronized (this) {
      headers = given;
      first = newAttempt();
      attempt = first;
    }
    first.start(new Attempt(listener, admission, started, false), given);
  }

  private ClientCall<Q, A> newAttempt() {
    boolean watched = isRepeatable() && descriptor.getType() == MethodDescriptor.MethodType.UNARY;
    return next.newCall(
        descriptor, watched ? options.withOption(NatsChannel.WATCHED, true) : options);
  }

  // A call that was not sent has ended before it could be talked to.

  @Override
  public void request(int messages) {
    ClientCall<Q, A> current;
    synchronized (this) {
      requested += messages;
      current = attempt;
    }
    if (current != null) {
      current.request(messages);
    }
  }

  @Override
  public void sendMessage(Q message) {
    ClientCall<Q, A> current;
    synchronized (this) {
      request = message;
      current = attempt;
    }
    if (current != null) {
      current.sendMessage(message);
    }
  }

  @Override
  public void halfClose() {
    ClientCall<Q, A> current;
    synchronized (this) {
      halfClosed = true;
      current = attempt;
    }
    if (current != null) {
      current.halfClose();
    }
  }

  @Override
  public void cancel(@Nullable String message, @Nullable Throwable cause) {
    ClientCall<Q, A> current;
    synchronized (this) {
      cancelled = true;
      current = attempt;
    }
    if (current != null) {
      current.cancel(message, cause);
    }
  }

  @Override
  public synchronized boolean isReady() {
    return attempt != null && attempt.isReady();
  }

  private void end(Status.Code code) {
    method.meters().record(code, System.nanoTime() - started);
    Tracing.end(span, code.name(), GuardedCall.isFailure(code));
    if (code == Status.Code.OK) {
      chain.budget().succeeded();
    }
  }

  /// Returns the pause before the next attempt, or -1 when there is none.
  private synchronized long pause(Status status, Metadata trailers) {
    boolean refused = trailers.containsKey(Refusal.KEY);
    if (Refusal.NO_RESPONDERS.equals(trailers.get(Refusal.KEY))) {
      method.noResponders().increment();
    }
    boolean again = refused || (cameToNothing(status, trailers) && isRepeatable());
    boolean possible =
        descriptor.getType().clientSendsOneMessage()
            && !cancelled
            && attempts < ATTEMPTS
            && breaker.isClosed();
    if (!again || !possible) {
      return -1;
    }
    long longest = FIRST_PAUSE_NANOS << (2 * (attempts - 1));
    long pause = ThreadLocalRandom.current().nextLong(longest);
    Deadline deadline = options.getDeadline();
    boolean inTime = deadline == null || deadline.timeRemaining(TimeUnit.NANOSECONDS) > pause;
    return inTime && chain.budget().take() ? pause : -1;
  }

  /// Whether the callee became unavailable, and has not said itself when to try again.
  private static boolean cameToNothing(Status status, Metadata trailers) {
    return status.getCode() == Status.Code.UNAVAILABLE && !ClientChain.namesRetry(status, trailers);
  }

  private boolean isRepeatable() {
    boolean keyed =
        method.policy().keyed()
            && headers != null
            && headers.containsKey(CallMetadata.IDEMPOTENCY_KEY);
    return method.policy().repeatable() || keyed;
  }

  private void repeatAfter(long nanos, Listener<A> listener) {
    Thread.startVirtualThread(
        context.wrap(() -> {
          LockSupport.parkNanos(nanos);
          try {
            repeat(listener);
          } catch (RuntimeException e) {
            end(Status.Code.UNAVAILABLE);
            close(listener, Status.UNAVAILABLE.withCause(e), new Metadata());
          }
        }));
  }

  /// Ends the call from a thread that the caller may not know of: a blocking stub wakes up only for
  /// what its executor is given.
  private void close(Listener<A> listener, Status status, Metadata trailers) {
    Executor executor = options.getExecutor();
    if (executor == null) {
      listener.onClose(status, trailers);
    } else {
      executor.execute(() -> listener.onClose(status, trailers));
    }
  }

  private void repeat(Listener<A> listener) {
    method.retries().increment();
    Metadata again = new Metadata();
    ClientCall<Q, A> fresh;
    synchronized (this) {
      attempts++;
      fresh = newAttempt();
      if (headers != null) {
        again.merge(headers);
      }
    }
    fresh.start(new Attempt(listener, Breaker.Admission.FREE, System.nanoTime(), true), again);
    int messages;
    @Nullable Q body;
    boolean complete;
    boolean unwanted;
    // From here on the caller talks to the fresh attempt; what it said before is said again below.
    synchronized (this) {
      messages = requested;
      body = request;
      complete = halfClosed;
      unwanted = cancelled;
      attempt = fresh;
    }
    if (unwanted) {
      fresh.cancel("cancelled before it was sent again", null);
      return;
    }
    if (messages > 0) {
      fresh.request(messages);
    }
    if (body != null) {
      fresh.sendMessage(body);
    }
    if (complete) {
      fresh.halfClose();
    }
  }

  private final class Attempt extends Listener<A> {
    private final Listener<A> caller;
    private final Breaker.Admission admission;
    private final long begun;
    private final boolean isRepeat;
    private volatile boolean answered;
    private boolean judged;

    Attempt(Listener<A> caller, Breaker.Admission admission, long begun, boolean isRepeat) {
      this.caller = caller;
      this.admission = admission;
      this.begun = begun;
      this.isRepeat = isRepeat;
    }

    @Override
    public void onHeaders(Metadata received) {
      answered = true;
      caller.onHeaders(received);
    }

    @Override
    public void onMessage(A message) {
      answered = true;
      if (!judged) {
        judged = true;
        breaker.answered(admission, System.nanoTime());
      }
      caller.onMessage(message);
    }

    /// Tells the breaker what the end of this attempt says about the callee. A call that was never
    /// accepted says nothing: nobody waited for it, and a repeat finds another replica. Nor does a
    /// deadline of a caller that was in more of a hurry than the contract is.
    private void judge(Status status, Metadata trailers) {
      if (judged) {
        return;
      }
      judged = true;
      long now = System.nanoTime();
      boolean lost =
          switch (status.getCode()) {
            case UNAVAILABLE ->
                !Refusal.isRefused(trailers)
                    && !(status.getCause() instanceof ConnectionLostException);
            case DEADLINE_EXCEEDED -> now - begun >= method.policy().deadline().toNanos() / 2;
            default -> false;
          };
      if (lost) {
        failed(now);
      } else if (!NO_WORD.contains(status.getCode())) {
        breaker.answered(admission, now);
      }
    }

    private void failed(long now) {
      if (breaker.failed(admission, now)) {
        LOG.atWarn()
            .addKeyValue("method", method.policy().name())
            .log("Calls come to nothing; most are refused for now");
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      judge(status, trailers);
      long pause = status.isOk() || answered ? -1 : pause(status, trailers);
      if (pause >= 0) {
        repeatAfter(pause, caller);
        return;
      }
      end(status.getCode());
      if (isRepeat) {
        close(caller, status, trailers);
      } else {
        caller.onClose(status, trailers);
      }
    }

    @Override
    public void onReady() {
      caller.onReady();
    }
  }
}
