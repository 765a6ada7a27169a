package vesper.auth;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.concurrent.Callable;

/// How calls are refused.
final class Refusals {
  private Refusals() {}

  /// Makes a call that must be refused.
  static StatusRuntimeException refused(Callable<?> call) {
    return requireNonNull(catchThrowableOfType(StatusRuntimeException.class, call::call));
  }

  /// Returns how a call ends.
  static Status.Code code(Callable<?> call) throws Exception {
    try {
      call.call();
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  static List<Any> details(StatusRuntimeException refusal) {
    return requireNonNull(StatusProto.fromThrowable(refusal)).getDetailsList();
  }

  static ErrorInfo info(StatusRuntimeException refusal) {
    try {
      return details(refusal).getFirst().unpack(ErrorInfo.class);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("The first detail is no ErrorInfo", e);
    }
  }

  static String reason(Callable<?> call) {
    return info(refused(call)).getReason();
  }

  /// All that a caller can tell two refusals apart by.
  static String looks(StatusRuntimeException refusal) {
    return refusal.getStatus() + " " + StatusProto.fromThrowable(refusal);
  }
}
