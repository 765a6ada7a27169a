package vesper.gateway;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.opentelemetry.api.trace.Span;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import vesper.gateway.transcoding.Rpc;
import vesper.runtime.Tracing;

/// One request on its way through the edge, from the door until its answer was written.
final class Visit {
  private final Door door;
  private final Rpc rpc;
  private final Arrival arrival;
  private final Span span;
  private final String traceparent;
  private final AtomicBoolean ended = new AtomicBoolean();
  private @Nullable ClientCall<?, ?> call;
  private @Nullable StatusRuntimeException cut;
  private final AtomicReference<@Nullable String> caller = new AtomicReference<>();
  private volatile Rates.@Nullable Left left;

  Visit(Door door, Rpc rpc, Arrival arrival, Span span) {
    this.door = door;
    this.rpc = rpc;
    this.arrival = arrival;
    this.span = span;
    this.traceparent = Tracing.traceparent(span);
  }

  Rpc rpc() {
    return rpc;
  }

  Arrival arrival() {
    return arrival;
  }

  String requestId() {
    return arrival.requestId();
  }

  /// Remembers among whose requests it is counted.
  void counted(String among) {
    caller.set(among);
  }

  /// Returns among whose requests it is counted, and forgets it; null when it is not.
  @Nullable String takeCaller() {
    return caller.getAndSet(null);
  }

  /// Remembers how many calls are left to its caller.
  void left(Rates.Left now) {
    left = now;
  }

  /// How many calls are left to its caller; null before that is known.
  Rates.@Nullable Left left() {
    return left;
  }

  /// The value of the header by which the client finds the trace.
  String traceparent() {
    return traceparent;
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

  /// Cancels the call: the client left.
  void cancel() {
    cut(Status.CANCELLED.asRuntimeException());
  }

  /// Cancels the call because the edge goes away.
  void stop() {
    cut(Overload.stopping());
  }

  /// Cancels the call because the client does not read.
  void stall() {
    cut(Overload.stalled());
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

  /// Ends: its caller may have another call. Further calls have no effect. It leaves when its
  /// answer has been written.
  void end(Status.Code code) {
    if (ended.compareAndSet(false, true)) {
      Tracing.end(span, code.name(), isFailure(code));
      door.uncount(this);
    }
  }

  /// Leaves. Further calls have no effect.
  void leave() {
    end(Status.Code.CANCELLED);
    door.leave(this);
  }

  // Of ours, not of the caller.
  private static boolean isFailure(Status.Code code) {
    return switch (code) {
      case UNKNOWN, INTERNAL, DATA_LOSS, UNAVAILABLE, DEADLINE_EXCEEDED, UNIMPLEMENTED -> true;
      default -> false;
    };
  }
}
