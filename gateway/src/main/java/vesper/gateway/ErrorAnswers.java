package vesper.gateway;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.ClosedSessionException;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.RequestCancellationException;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.Status;
import io.grpc.Status.Code;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vesper.gateway.transcoding.Problem;

/// Turns what the HTTP engine itself refuses, and what nobody expected, into problems of the one
/// format.
final class ErrorAnswers implements ServerErrorHandler {
  private static final Logger log = LoggerFactory.getLogger(ErrorAnswers.class);

  private final Door door;

  ErrorAnswers(Door door) {
    this.door = door;
  }

  @Override
  public HttpResponse onServiceException(ServiceRequestContext ctx, Throwable cause) {
    if (cause instanceof RequestCancellationException
        || cause instanceof ClosedStreamException
        || cause instanceof ClosedSessionException
        || Status.fromThrowable(cause).getCode() == Code.CANCELLED) {
      // Nobody is left to answer.
      return HttpResponse.ofFailure(cause);
    }
    String requestId = Arrival.of(ctx).requestId();
    return Answers.problem(problem(cause, requestId), requestId);
  }

  private static Problem problem(Throwable cause, String requestId) {
    return switch (cause) {
      case ContentTooLargeException e -> of(413);
      case RequestTimeoutException e -> of(408);
      case HttpStatusException e -> of(e.httpStatus().code());
      default -> {
        log.atError()
            .addKeyValue("requestId", requestId)
            .setCause(cause)
            .log("A request failed inside the gateway");
        yield of(500);
      }
    };
  }

  @Override
  public AggregatedHttpResponse renderStatus(
      @Nullable ServiceRequestContext ctx,
      ServiceConfig config,
      @Nullable RequestHeaders headers,
      HttpStatus status,
      @Nullable String description,
      @Nullable Throwable cause) {
    String requestId = door.requestId(headers == null ? null : headers.get(Answers.REQUEST_ID));
    // Before there is a request only its head can be at fault, also where the engine stumbles.
    boolean unread = ctx == null && status.code() == 500;
    Problem problem = of(unread ? 400 : status.code());
    byte[] body = problem.toJson(requestId);
    return AggregatedHttpResponse.of(
        Answers.problemHeaders(problem, requestId, body.length).build(), HttpData.wrap(body));
  }

  /// What an HTTP status means that the engine chose.
  static Problem of(int status) {
    return switch (status) {
      case 404 -> Problem.http(404, Code.NOT_FOUND, "NO_SUCH_PATH", "nothing is at this path");
      case 405 -> invalid(405, "METHOD_NOT_ALLOWED", "this method is not known here");
      case 408 ->
          Problem.http(
              408, Code.DEADLINE_EXCEEDED, "BODY_TOO_SLOW", "the body did not arrive in time");
      case 413 -> invalid(413, "BODY_TOO_LARGE", "the body is larger than this edge takes");
      case 414 -> invalid(414, "PATH_TOO_LONG", "path and query are longer than this edge takes");
      case 415 ->
          invalid(415, "UNSUPPORTED_MEDIA_TYPE", "the body must be application/json in UTF-8");
      case 417 -> invalid(417, "EXPECTATION_FAILED", "only 100-continue can be expected");
      case 431 ->
          invalid(431, "HEADERS_TOO_LARGE", "the header fields are larger than this edge takes");
      case 503 -> Problem.http(503, Code.UNAVAILABLE, "STOPPING", "the gateway is stopping");
      default ->
          status >= 400 && status < 500
              ? invalid(status, "MALFORMED_REQUEST", "this is no request that HTTP knows")
              : Problem.http(
                  500,
                  Code.INTERNAL,
                  "INTERNAL",
                  "the request failed inside; its id helps to find out why");
    };
  }

  private static Problem invalid(int status, String reason, String detail) {
    return Problem.http(status, Code.INVALID_ARGUMENT, reason, detail);
  }
}
