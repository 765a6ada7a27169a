package vesper.kb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// Looks at refused calls.
final class Refusals {

  private final com.google.rpc.Status status;

  private Refusals(StatusRuntimeException refusal) {
    status = Objects.requireNonNull(StatusProto.fromThrowable(refusal));
  }

  static Refusals of(Status.Code code, ThrowingCallable call) {
    var refusal = catchThrowableOfType(StatusRuntimeException.class, call);
    assertThat(refusal).isNotNull();
    assertThat(refusal.getStatus().getCode()).as(refusal.getMessage()).isEqualTo(code);
    return new Refusals(refusal);
  }

  String message() {
    return status.getMessage();
  }

  String reason() {
    return detail(ErrorInfo.class).getReason();
  }

  String field() {
    return detail(BadRequest.class).getFieldViolations(0).getField();
  }

  Duration retryDelay() {
    return Duration.ofMillis(Durations.toMillis(detail(RetryInfo.class).getRetryDelay()));
  }

  private <T extends Message> T detail(Class<T> type) {
    for (var any : status.getDetailsList()) {
      if (any.is(type)) {
        try {
          return any.unpack(type);
        } catch (InvalidProtocolBufferException e) {
          throw new AssertionError(e);
        }
      }
    }
    throw new AssertionError("no " + type + " in " + status);
  }
}
