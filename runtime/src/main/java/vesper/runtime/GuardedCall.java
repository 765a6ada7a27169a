package vesper.runtime;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.opentelemetry.api.trace.Span;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way back of one call: hides internals, ends span and metrics exactly once.
final class GuardedCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
  private static final Logger LOG = LoggerFactory.getLogger("vesper.rpc");

  private static final Status KEY_IGNORED =
      Status.INTERNAL.withDescription("the handler kept no answer under the idempotency key");

  private final ServerChain.ServerMethod<Q, A> method;
  private final Span span;
  private final String requestId;
  private final long start = System.nanoTime();
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile boolean entered;
  private @Nullable CallContext context;

  GuardedCall(
      ServerChain.ServerMethod<Q, A> method, ServerCall<Q, A> call, Span span, String requestId) {
    super(call);
    this.method = method;
    this.span = span;
    this.requestId = requestId;
  }

  /// Sets who calls, before the handler may answer.
  void context(CallContext caller) {
    context = caller;
  }

  /// Takes a place among the running calls of the method; the end of the call gives it back.
  ///
  /// @param leftNanos until the deadline
  void enter(long leftNanos) {
    method.inFlight().enter(leftNanos);
    entered = true;
    // The call may have been cancelled in between; then nobody else gives the place back.
    if (ended.get() && entered) {
      leave();
    }
  }

  @Override
  public void sendHeaders(Metadata headers) {
    if (context != null && context.replayed()) {
      headers.put(CallMetadata.REPLAYED, "true");
    }
    super.sendHeaders(headers);
  }

  @Override
  public void close(Status given, Metadata trailers) {
    Status status = given.isOk() && forgotten() ? KEY_IGNORED : given;
    switch (status.getCode()) {
      case INTERNAL, UNKNOWN -> {
        log(status);
        Status hidden = Status.INTERNAL.withDescription("internal error; request id " + requestId);
        end(Status.Code.INTERNAL);
        super.close(hidden, new Metadata());
      }
      default -> {
        end(status.getCode());
        // Passed on from a call that this handler made, the mark would say that this call was never
        // accepted.
        trailers.discardAll(vesper.transport.Refusal.KEY);
        super.close(status, trailers);
      }
    }
  }

  /// Whether the handler gave an answer that a repeat with the same idempotency key would not get.
  private boolean forgotten() {
    return context != null && context.idempotencyKey().isPresent() && !context.kept();
  }

  /// Answers what a gate or a handler threw.
  void fail(Throwable thrown) {
    if (ended.get()) {
      // The client left or was answered already: what escapes now is worth a line and no more.
      if (!(thrown instanceof StatusRuntimeException)) {
        log(Status.INTERNAL.withCause(thrown));
      }
      return;
    }
    if (thrown instanceof StatusRuntimeException refusal) {
      Metadata trailers = refusal.getTrailers();
      close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
    } else if (thrown instanceof StatusException refusal) {
      Metadata trailers = refusal.getTrailers();
      close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
    } else {
      close(Status.INTERNAL.withCause(thrown), new Metadata());
    }
    if (thrown instanceof OutOfMemoryError) {
      Liveness.outOfMemory();
    }
  }

  /// Ends span, metrics and the place among the running calls.
  void end(Status.Code code) {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    method.inFlight().meters().record(code, System.nanoTime() - start);
    Tracing.end(span, code.name(), isFailure(code));
    if (entered) {
      leave();
    }
  }

  private synchronized void leave() {
    if (entered) {
      entered = false;
      method.inFlight().leave(System.nanoTime() - start);
    }
  }

  private void log(Status status) {
    LOG.atError()
        .setCause(status.getCause())
        .addKeyValue("requestId", requestId)
        .addKeyValue("service", method.service())
        .addKeyValue("method", method.policy().name())
        .addKeyValue("status", status.getCode())
        .addKeyValue("description", status.getDescription())
        .log("A call failed");
  }

  static boolean isFailure(Status.Code code) {
    return switch (code) {
      case UNKNOWN, INTERNAL, UNAVAILABLE, DEADLINE_EXCEEDED, DATA_LOSS, UNIMPLEMENTED -> true;
      case OK,
          CANCELLED,
          INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          PERMISSION_DENIED,
          RESOURCE_EXHAUSTED,
          FAILED_PRECONDITION,
          ABORTED,
          OUT_OF_RANGE,
          UNAUTHENTICATED ->
          false;
    };
  }
}
