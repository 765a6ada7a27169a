package vesper.gateway.transcoding;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A failure as clients of HTTP see it: `application/problem+json` (RFC 9457).
///
/// @param status HTTP status
/// @param code the grpc code it stands for
/// @param detail what went wrong, for people
/// @param reason the same for programs, as in `CONVERSATION_ENDED`, or null
/// @param errors the fields that are wrong
/// @param retryAfter when another try is worthwhile, or null
public record Problem(
    int status,
    Code code,
    String detail,
    @Nullable String reason,
    List<FieldError> errors,
    @Nullable Duration retryAfter) {
  /// The media type.
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final JsonFactory JSON = new JsonFactory();
  private static final int MOST_ERRORS = 32;

  /// A field that is wrong.
  ///
  /// @param field path in JSON names
  /// @param message what is wrong with it
  public record FieldError(String field, String message) {}

  /// Copies the errors.
  public Problem {
    errors = List.copyOf(errors);
  }

  /// A failure that HTTP itself knows, without fields.
  public static Problem http(int status, Code code, String reason, String detail) {
    return new Problem(status, code, detail, reason, List.of(), null);
  }

  /// The failure that a refused request or call stands for.
  public static Problem of(StatusRuntimeException refusal) {
    return of(refusal.getStatus(), refusal.getTrailers());
  }

  /// The failure that the end of a call stands for. What a service says is passed on; what
  /// describes the inside of the system is not.
  public static Problem of(Status status, @Nullable Metadata trailers) {
    com.google.rpc.Status details =
        StatusProto.fromStatusAndTrailers(status, trailers == null ? new Metadata() : trailers);
    String reason = null;
    Duration retryAfter = null;
    List<FieldError> errors = new ArrayList<>();
    try {
      for (Any detail : details.getDetailsList()) {
        if (detail.is(ErrorInfo.class)) {
          reason = detail.unpack(ErrorInfo.class).getReason();
        } else if (detail.is(RetryInfo.class)) {
          var delay = detail.unpack(RetryInfo.class).getRetryDelay();
          retryAfter = Duration.ofSeconds(delay.getSeconds(), delay.getNanos());
        } else if (detail.is(BadRequest.class)) {
          detail.unpack(BadRequest.class).getFieldViolationsList().stream()
              .limit(MOST_ERRORS)
              .forEach(v -> errors.add(new FieldError(v.getField(), v.getDescription())));
        }
      }
    } catch (InvalidProtocolBufferException e) {
      return of(Status.INTERNAL, null);
    }
    boolean deliberate = details.getDetailsCount() > 0;
    return new Problem(
        httpStatus(status.getCode()),
        status.getCode(),
        publicDetail(status, deliberate),
        reason,
        errors,
        retryAfter);
  }

  /// The HTTP status of a grpc code.
  public static int httpStatus(Code code) {
    return switch (code) {
      case OK -> 200;
      case INVALID_ARGUMENT, OUT_OF_RANGE, FAILED_PRECONDITION -> 400;
      case UNAUTHENTICATED -> 401;
      case PERMISSION_DENIED -> 403;
      case NOT_FOUND -> 404;
      case ABORTED, ALREADY_EXISTS -> 409;
      case RESOURCE_EXHAUSTED -> 429;
      case CANCELLED -> 499;
      case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
      case UNIMPLEMENTED -> 501;
      case UNAVAILABLE -> 503;
      case DEADLINE_EXCEEDED -> 504;
    };
  }

  /// What a client may read of a status: the words of a service that refused, and for everything
  /// else words that tell nothing about the inside.
  ///
  /// @param deliberate whether the status came with details, as a refusal does
  public static String publicDetail(Status status, boolean deliberate) {
    String description = status.getDescription();
    return switch (status.getCode()) {
      case INTERNAL, UNKNOWN, DATA_LOSS -> "the call failed inside; its id helps to find out why";
      case UNIMPLEMENTED -> "nothing here offers this call";
      case CANCELLED -> "the call was cancelled";
      case DEADLINE_EXCEEDED -> "no answer came within the time given to the call";
      case UNAVAILABLE ->
          deliberate && description != null
              ? description
              : "the service that answers this call cannot be reached right now";
      case OK,
          INVALID_ARGUMENT,
          OUT_OF_RANGE,
          FAILED_PRECONDITION,
          UNAUTHENTICATED,
          PERMISSION_DENIED,
          NOT_FOUND,
          ABORTED,
          ALREADY_EXISTS,
          RESOURCE_EXHAUSTED ->
          description != null ? description : title(httpStatus(status.getCode()));
    };
  }

  /// The value of the header `Retry-After`: whole seconds, rounded up; or null.
  public @Nullable String retryAfterSeconds() {
    return retryAfter == null ? null : Long.toString(retryAfter.plusNanos(999_999_999).toSeconds());
  }

  /// The body.
  ///
  /// @param requestId names this occurrence
  public byte[] toJson(String requestId) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("type", "about:blank");
      json.writeStringField("title", title(status));
      json.writeNumberField("status", status);
      json.writeStringField("detail", detail);
      json.writeStringField("instance", requestId);
      json.writeStringField("code", code.name());
      if (reason != null) {
        json.writeStringField("reason", reason);
      }
      if (!errors.isEmpty()) {
        json.writeArrayFieldStart("errors");
        for (FieldError error : errors) {
          json.writeStartObject();
          json.writeStringField("field", error.field());
          json.writeStringField("message", error.message());
          json.writeEndObject();
        }
        json.writeEndArray();
      }
      if (retryAfter != null) {
        json.writeNumberField("retry_after_ms", retryAfter.toMillis());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// An HTTP status in words.
  public static String title(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 408 -> "Request Timeout";
      case 409 -> "Conflict";
      case 413 -> "Content Too Large";
      case 414 -> "URI Too Long";
      case 415 -> "Unsupported Media Type";
      case 417 -> "Expectation Failed";
      case 429 -> "Too Many Requests";
      case 431 -> "Request Header Fields Too Large";
      case 499 -> "Client Closed Request";
      case 500 -> "Internal Server Error";
      case 501 -> "Not Implemented";
      case 503 -> "Service Unavailable";
      case 504 -> "Gateway Timeout";
      default -> "Error";
    };
  }
}
