package vesper.gateway;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import io.grpc.Status.Code;
import io.netty.util.AsciiString;
import java.util.SortedSet;
import vesper.gateway.transcoding.Problem;

/// Makes HTTP answers.
final class Answers {
  static final AsciiString REQUEST_ID = HttpHeaderNames.of("x-request-id");
  static final AsciiString TRACEPARENT = HttpHeaderNames.of("traceparent");
  static final AsciiString LAST_EVENT_ID = HttpHeaderNames.of("last-event-id");
  static final AsciiString RATE_LIMIT = HttpHeaderNames.of("x-ratelimit-limit");
  static final AsciiString RATE_REMAINING = HttpHeaderNames.of("x-ratelimit-remaining");
  static final AsciiString RATE_RESET = HttpHeaderNames.of("x-ratelimit-reset");
  static final AsciiString REPLAYED = HttpHeaderNames.of("vesper-replayed");
  private static final MediaType PROBLEM = MediaType.parse(Problem.MEDIA_TYPE);

  private Answers() {}

  /// An answer that tells what went wrong.
  static HttpResponse problem(Problem problem, String requestId) {
    byte[] body = problem.toJson(requestId);
    return HttpResponse.of(
        problemHeaders(problem, requestId, body.length).build(), HttpData.wrap(body));
  }

  /// The same, with the trace in which it went wrong.
  static HttpResponse problem(Problem problem, Visit visit) {
    byte[] body = problem.toJson(visit.requestId());
    ResponseHeadersBuilder headers = problemHeaders(problem, visit.requestId(), body.length);
    addTo(headers, visit);
    return HttpResponse.of(headers.build(), HttpData.wrap(body));
  }

  /// Adds what the answer to a request that was let in says of it.
  static void addTo(ResponseHeadersBuilder headers, Visit visit) {
    headers.set(REQUEST_ID, visit.requestId());
    headers.set(TRACEPARENT, visit.traceparent());
    Rates.Left left = visit.left();
    if (left != null) {
      headers.setLong(RATE_LIMIT, left.limit());
      headers.setLong(RATE_REMAINING, left.remaining());
      headers.setLong(RATE_RESET, left.reset());
    }
  }

  /// Headers of an answer with a problem as its body.
  static ResponseHeadersBuilder problemHeaders(Problem problem, String requestId, int length) {
    ResponseHeadersBuilder headers =
        ResponseHeaders.builder(HttpStatus.valueOf(problem.status()))
            .contentType(PROBLEM)
            .contentLength(length)
            .set(REQUEST_ID, requestId);
    String retryAfter = problem.retryAfterSeconds();
    if (retryAfter != null) {
      headers.set(HttpHeaderNames.RETRY_AFTER, retryAfter);
    }
    if (problem.code() == Code.UNAUTHENTICATED) {
      headers.set(
          HttpHeaderNames.WWW_AUTHENTICATE,
          "MISSING".equals(problem.reason()) ? "Bearer" : "Bearer error=\"invalid_token\"");
    }
    return headers;
  }

  static HttpResponse unknownPath(String requestId) {
    return problem(
        Problem.http(404, Code.NOT_FOUND, "NO_SUCH_PATH", "nothing is at this path"), requestId);
  }

  static HttpResponse otherMethods(SortedSet<String> methods, String requestId) {
    String allowed = String.join(", ", methods);
    Problem problem =
        Problem.http(405, Code.UNIMPLEMENTED, "METHOD_NOT_ALLOWED", "this path takes " + allowed);
    byte[] body = problem.toJson(requestId);
    ResponseHeadersBuilder headers = problemHeaders(problem, requestId, body.length);
    headers.set(HttpHeaderNames.ALLOW, allowed);
    return HttpResponse.of(headers.build(), HttpData.wrap(body));
  }
}
