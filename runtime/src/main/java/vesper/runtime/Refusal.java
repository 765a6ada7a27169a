package vesper.runtime;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// The one way to refuse a call: a grpc status with `google.rpc` details, to be thrown by a
/// handler. Field paths are JSON names, as in `from.date.weekday`. Descriptions reach the client:
/// they hold no internals.
public final class Refusal {
  /// Domain of every `ErrorInfo`.
  public static final String DOMAIN = "vesper";

  private Refusal() {}

  /// INVALID_ARGUMENT because of one field.
  public static StatusRuntimeException invalid(String field, String description) {
    return refuse(Code.INVALID_ARGUMENT, field + ": " + description, violation(field, description));
  }

  /// INVALID_ARGUMENT because of several fields, of which there is at least one.
  public static StatusRuntimeException invalid(List<FieldViolation> violations) {
    FieldViolation first = violations.getFirst();
    String more = violations.size() == 1 ? "" : " (and " + (violations.size() - 1) + " more)";
    return refuse(
        Code.INVALID_ARGUMENT,
        first.getField() + ": " + first.getDescription() + more,
        BadRequest.newBuilder().addAllFieldViolations(violations).build());
  }

  /// INVALID_ARGUMENT because the idempotency key was used for another request.
  public static StatusRuntimeException keyReused() {
    return refuse(
        Code.INVALID_ARGUMENT,
        "the idempotency key belongs to another request",
        info("IDEMPOTENCY_KEY_REUSED", Map.of()));
  }

  /// NOT_FOUND: what the field names does not exist.
  public static StatusRuntimeException notFound(String field, String description) {
    return refuse(Code.NOT_FOUND, description, violation(field, description));
  }

  /// NOT_FOUND for a name that was perhaps misspelt: adds the nearest known one.
  ///
  /// @param what the kind of thing, as in `NPC`
  public static StatusRuntimeException unknown(
      String field, String what, String name, Collection<String> known) {
    return notFound(field, "no " + what + " '" + name + "'" + Suggestions.didYouMean(name, known));
  }

  /// PERMISSION_DENIED.
  public static StatusRuntimeException denied(String description) {
    return refuse(Code.PERMISSION_DENIED, description);
  }

  /// UNAUTHENTICATED, with a reason such as `EXPIRED` for programs.
  public static StatusRuntimeException unauthenticated(String reason, String description) {
    return refuse(Code.UNAUTHENTICATED, description, info(reason, Map.of()));
  }

  /// FAILED_PRECONDITION, with a reason such as `BUSY` for programs.
  public static StatusRuntimeException precondition(String reason, String description) {
    return refuse(Code.FAILED_PRECONDITION, description, info(reason, Map.of()));
  }

  /// ABORTED because the thing has another version by now.
  public static StatusRuntimeException stale(long current) {
    return refuse(
        Code.ABORTED,
        "the version is stale; current is " + current,
        info("STALE_VERSION", Map.of("current_version", Long.toString(current))));
  }

  /// ABORTED because the same thing is being done right now; worth a retry after the delay.
  public static StatusRuntimeException running(Duration retry, String description) {
    return refuse(Code.ABORTED, description, retryIn(retry));
  }

  /// ALREADY_EXISTS.
  public static StatusRuntimeException exists(String field, String description) {
    return refuse(Code.ALREADY_EXISTS, description, violation(field, description));
  }

  /// RESOURCE_EXHAUSTED; worth a retry after the delay.
  public static StatusRuntimeException exhausted(Duration retry, String description) {
    return refuse(Code.RESOURCE_EXHAUSTED, description, retryIn(retry));
  }

  /// OUT_OF_RANGE because of one field.
  public static StatusRuntimeException outOfRange(String field, String description) {
    return refuse(Code.OUT_OF_RANGE, field + ": " + description, violation(field, description));
  }

  /// UNAVAILABLE; worth a retry after the delay.
  public static StatusRuntimeException unavailable(Duration retry, String description) {
    return refuse(Code.UNAVAILABLE, description, retryIn(retry));
  }

  /// UNAVAILABLE because calls of a method came to nothing lately, so none is made for a moment.
  static StatusRuntimeException breakerOpen(Duration retry, String method) {
    return refuse(
        Code.UNAVAILABLE,
        method + " does not answer at the moment",
        info("BREAKER_OPEN", Map.of("method", method)),
        retryIn(retry));
  }

  /// Whether a failure says when to try again.
  static boolean namesRetry(io.grpc.Status status, Metadata trailers) {
    Status details = StatusProto.fromStatusAndTrailers(status, trailers);
    return details.getDetailsList().stream().anyMatch(detail -> detail.is(RetryInfo.class));
  }

  private static StatusRuntimeException refuse(Code code, String description, Message... details) {
    Status.Builder status = Status.newBuilder().setCode(code.getNumber()).setMessage(description);
    for (Message detail : details) {
      status.addDetails(Any.pack(detail));
    }
    return StatusProto.toStatusRuntimeException(status.build());
  }

  private static BadRequest violation(String field, String description) {
    return BadRequest.newBuilder()
        .addFieldViolations(FieldViolation.newBuilder().setField(field).setDescription(description))
        .build();
  }

  private static ErrorInfo info(String reason, Map<String, String> metadata) {
    return ErrorInfo.newBuilder()
        .setReason(reason)
        .setDomain(DOMAIN)
        .putAllMetadata(metadata)
        .build();
  }

  private static RetryInfo retryIn(Duration delay) {
    return RetryInfo.newBuilder()
        .setRetryDelay(
            com.google.protobuf.Duration.newBuilder()
                .setSeconds(delay.getSeconds())
                .setNanos(delay.getNano()))
        .build();
  }
}
