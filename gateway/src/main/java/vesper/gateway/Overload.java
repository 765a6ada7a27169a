package vesper.gateway;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import vesper.runtime.Refusal;

/// Refuses what is too much, and says when another try is worthwhile.
final class Overload {
  private static final Duration SOON = Duration.ofSeconds(1);

  private Overload() {}

  /// This replica has as much to do as it may: UNAVAILABLE.
  static StatusRuntimeException full() {
    return refuse(Code.UNAVAILABLE, "FULL", SOON, "the gateway is full");
  }

  /// This replica goes away: UNAVAILABLE.
  static StatusRuntimeException stopping() {
    return refuse(Code.UNAVAILABLE, "STOPPING", SOON, "the gateway is stopping");
  }

  /// The caller has as much running as it may: RESOURCE_EXHAUSTED.
  static StatusRuntimeException tooManyAtOnce(String what, int limit) {
    return refuse(
        Code.RESOURCE_EXHAUSTED,
        "TOO_MANY_AT_ONCE",
        SOON,
        "at most %d %s of one caller run at once".formatted(limit, what));
  }

  /// The caller calls too often: RESOURCE_EXHAUSTED.
  static StatusRuntimeException tooOften(Duration retry) {
    return refuse(
        Code.RESOURCE_EXHAUSTED, "RATE_LIMITED", retry, "more calls were made than are allowed");
  }

  /// The client did not take what was sent to it: RESOURCE_EXHAUSTED.
  static StatusRuntimeException stalled() {
    return refuse(
        Code.RESOURCE_EXHAUSTED, "TOO_SLOW", SOON, "the stream was not read and has been ended");
  }

  private static StatusRuntimeException refuse(
      Code code, String reason, Duration retry, String description) {
    ErrorInfo info = ErrorInfo.newBuilder().setReason(reason).setDomain(Refusal.DOMAIN).build();
    RetryInfo delay =
        RetryInfo.newBuilder()
            .setRetryDelay(
                com.google.protobuf.Duration.newBuilder()
                    .setSeconds(retry.getSeconds())
                    .setNanos(retry.getNano()))
            .build();
    return StatusProto.toStatusRuntimeException(
        Status.newBuilder()
            .setCode(code.getNumber())
            .setMessage(description)
            .addDetails(Any.pack(info))
            .addDetails(Any.pack(delay))
            .build());
  }
}
