package vesper.launcher;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Puts a call's failure into words.
final class Refusals {
  static String explain(Status status, @Nullable Metadata trailers) {
    StringBuilder text = new StringBuilder(status.getCode().name());
    String said = status.getDescription() == null ? "" : status.getDescription();
    if (!said.isEmpty()) {
      text.append(": ").append(said);
    }
    com.google.rpc.Status details = StatusProto.fromStatusAndTrailers(status, trailers);
    for (Any detail : details.getDetailsList()) {
      try {
        append(text, said, detail);
      } catch (InvalidProtocolBufferException unreadable) {
        text.append("\n  unreadable detail ").append(detail.getTypeUrl());
      }
    }
    if (status.getCode() == Status.Code.UNAVAILABLE) {
      text.append("\n  Is the system up? See: ./vesper status");
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String said, Any detail)
      throws InvalidProtocolBufferException {
    if (detail.is(BadRequest.class)) {
      for (BadRequest.FieldViolation violation :
          detail.unpack(BadRequest.class).getFieldViolationsList()) {
        String line = violation.getField() + ": " + violation.getDescription();
        if (!said.contains(line)) {
          text.append("\n  ")
              .append(said.contains(violation.getDescription()) ? violation.getField() : line);
        }
      }
    } else if (detail.is(ErrorInfo.class)) {
      text.append("\n  reason ").append(detail.unpack(ErrorInfo.class).getReason());
    } else if (detail.is(RetryInfo.class)) {
      com.google.protobuf.Duration delay = detail.unpack(RetryInfo.class).getRetryDelay();
      text.append("\n  retry after ")
          .append(Duration.ofSeconds(delay.getSeconds(), delay.getNanos()).toMillis())
          .append(" ms");
    }
  }

  private Refusals() {}
}
