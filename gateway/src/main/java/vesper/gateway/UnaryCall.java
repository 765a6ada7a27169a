package vesper.gateway;

import com.google.protobuf.Message;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import vesper.gateway.transcoding.HttpRoute;
import vesper.gateway.transcoding.Problem;

/// A call with one reply, whose end becomes the answer of a request.
final class UnaryCall extends ClientCall.Listener<Message> {
  private final Visit visit;
  private final HttpRoute route;
  private final CompletableFuture<HttpResponse> answer;
  private @Nullable Message reply;
  private boolean replayed;

  UnaryCall(Visit visit, HttpRoute route, CompletableFuture<HttpResponse> answer) {
    this.visit = visit;
    this.route = route;
    this.answer = answer;
  }

  /// Starts the call. The answer is complete when the call ends.
  void start(ClientCall<Message, Message> call, Message request, Metadata metadata) {
    call.start(this, metadata);
    call.request(2);
    call.sendMessage(request);
    call.halfClose();
    visit.started(call);
  }

  @Override
  public void onHeaders(Metadata headers) {
    replayed = headers.containsKey(Door.REPLAYED);
  }

  @Override
  public void onMessage(Message message) {
    reply = message;
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    Message message = reply;
    Status end = status.isOk() && message == null ? Status.INTERNAL : status;
    StatusRuntimeException outcome = visit.outcome(end, trailers);
    visit.end(outcome.getStatus().getCode());
    try {
      answer.complete(
          end.isOk() && message != null
              ? answer(message)
              : Answers.problem(Problem.of(outcome), visit));
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  private HttpResponse answer(Message message) {
    byte[] body = route.body(message);
    ResponseHeadersBuilder headers =
        ResponseHeaders.builder(HttpStatus.OK)
            .contentType(mediaType(message))
            .contentLength(body.length);
    Answers.addTo(headers, visit);
    String version = route.version(message);
    if (version != null) {
      headers.set(HttpHeaderNames.ETAG, '"' + version + '"');
    }
    if (replayed) {
      headers.set(Answers.REPLAYED, "true");
    }
    return HttpResponse.of(headers.build(), HttpData.wrap(body));
  }

  private MediaType mediaType(Message message) {
    String name = route.mediaType(message);
    if (name.equals("application/json")) {
      return MediaType.JSON;
    }
    try {
      return MediaType.parse(name);
    } catch (IllegalArgumentException e) {
      return MediaType.OCTET_STREAM;
    }
  }
}
