package vesper.gateway;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.opentelemetry.api.trace.Span;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import vesper.gateway.transcoding.Rpc;
import vesper.runtime.Refusal;
import vesper.runtime.Tracing;

/// One request on its way through the edge, from the door until its answer is complete.
final class Visit {
  private final Door door;
  private final Rpc rpc;
  private final String requestId;
  private final Span span;
  private final AtomicBoolean ended = new AtomicBoolean();
  private @Nullable ClientCall<?, ?> call;
  private @Nullable StatusRuntimeException cut;

  Visit(Door door, Rpc rpc, String requestId, Span span) {
    this.door = door;
    this.rpc = rpc;
    this.requestId = requestId;
    this.span = span;
  }

  Rpc rpc() {
    return rpc;
  }

  String requestId() {
    return requestId;
  }

  /// The value of the header by which the client finds the trace.
  String traceparent() {
    return Tracing.traceparent(span);
  }

  /// Remembers the call that was started for the request, and cancels it when the request was cut
  /// meanwhile.
  void started(ClientCall<?, ?> made) {
    boolean late;
    synchronized (this) {
      call = made;
      late = cut != null;
    }
    if (late) {
      made.cancel("cut by the gateway", null);
    }
  }

  /// Cancels the call: the client left, or does not read.
  void cancel() {
    cut(Status.CANCELLED.asRuntimeException());
  }

  /// Cancels the call because the edge goes away.
  void stop() {
    cut(Refusal.unavailable(Duration.ofSeconds(1), "the gateway is stopping"));
  }

  private void cut(StatusRuntimeException why) {
    ClientCall<?, ?> running;
    synchronized (this) {
      if (cut != null) {
        return;
      }
      cut = why;
      running = call;
    }
    if (running != null) {
      running.cancel("cut by the gateway", null);
    }
  }

  /// What the end of the call means to the client: a call that was cut ends as the cut says.
  synchronized StatusRuntimeException outcome(Status status, Metadata trailers) {
    return cut != null && status.getCode() == Status.Code.CANCELLED
        ? cut
        : status.asRuntimeException(trailers);
  }

  /// Leaves. Further calls have no effect.
  void end(Status.Code code) {
    if (ended.compareAndSet(false, true)) {
      Tracing.end(span, code.name(), isFailure(code));
      door.leave(this);
    }
  }

  // Of ours, not of the caller.
  private static boolean isFailure(Status.Code code) {
    return switch (code) {
      case UNKNOWN, INTERNAL, DATA_LOSS, UNAVAILABLE, DEADLINE_EXCEEDED, UNIMPLEMENTED -> true;
      default -> false;
    };
  }
}
