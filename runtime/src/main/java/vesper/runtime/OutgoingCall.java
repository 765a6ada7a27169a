package vesper.runtime;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.opentelemetry.api.trace.Span;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import vesper.transport.Refusal;

/// One call on its way out. It is sent again, at most twice and after a random pause, while nothing
/// of an answer has arrived: when nobody accepted it, or when the callee became unavailable and a
/// repeat does no harm.
final class OutgoingCall<Q, A> extends ClientCall<Q, A> {
  private static final int ATTEMPTS = 3;
  private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(20).toNanos();

  private final ClientChain chain;
  private final ClientChain.ClientMethod method;
  private final MethodDescriptor<Q, A> descriptor;
  private final CallOptions options;
  private final Channel next;
  private final Context context = Context.current();
  private final long started = System.nanoTime();
  private Span span = Span.getInvalid();

  // Guarded by this: what a repeat must do again. The lock is never held while another call is
  // made.
  private ClientCall<Q, A> attempt;
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
    this.attempt = next.newCall(descriptor, options);
  }

  @Override
  public void start(Listener<A> listener, Metadata given) {
    span = chain.begin(method, given);
    synchronized (this) {
      headers = given;
    }
    attempt.start(new Attempt(listener, false), given);
  }

  @Override
  public void request(int messages) {
    ClientCall<Q, A> current;
    synchronized (this) {
      requested += messages;
      current = attempt;
    }
    current.request(messages);
  }

  @Override
  public void sendMessage(Q message) {
    ClientCall<Q, A> current;
    synchronized (this) {
      request = message;
      current = attempt;
    }
    current.sendMessage(message);
  }

  @Override
  public void halfClose() {
    ClientCall<Q, A> current;
    synchronized (this) {
      halfClosed = true;
      current = attempt;
    }
    current.halfClose();
  }

  @Override
  public void cancel(@Nullable String message, @Nullable Throwable cause) {
    ClientCall<Q, A> current;
    synchronized (this) {
      cancelled = true;
      current = attempt;
    }
    current.cancel(message, cause);
  }

  @Override
  public synchronized boolean isReady() {
    return attempt.isReady();
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
    boolean again = refused || (status.getCode() == Status.Code.UNAVAILABLE && isRepeatable());
    boolean possible =
        descriptor.getType().clientSendsOneMessage() && !cancelled && attempts < ATTEMPTS;
    if (!again || !possible) {
      return -1;
    }
    long longest = FIRST_PAUSE_NANOS << (2 * (attempts - 1));
    long pause = ThreadLocalRandom.current().nextLong(longest);
    Deadline deadline = options.getDeadline();
    boolean inTime = deadline == null || deadline.timeRemaining(TimeUnit.NANOSECONDS) > pause;
    return inTime && chain.budget().take() ? pause : -1;
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
    ClientCall<Q, A> fresh = next.newCall(descriptor, options);
    synchronized (this) {
      attempts++;
      if (headers != null) {
        again.merge(headers);
      }
    }
    fresh.start(new Attempt(listener, true), again);
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
    private final boolean isRepeat;
    private volatile boolean answered;

    Attempt(Listener<A> caller, boolean isRepeat) {
      this.caller = caller;
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
      caller.onMessage(message);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
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
