package vesper.gateway;

import com.google.protobuf.Message;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import vesper.gateway.transcoding.HeaderFields;
import vesper.gateway.transcoding.HttpRoute;
import vesper.gateway.transcoding.HttpRoutes;
import vesper.gateway.transcoding.HttpRoutes.Match;
import vesper.gateway.transcoding.Problem;
import vesper.gateway.transcoding.Rpc;
import vesper.runtime.Refusal;

/// Answers HTTP/JSON: finds the route, reads the request, makes the call.
final class JsonEdge implements HttpService {
  private final GatewayConfig config;
  private final HttpRoutes routes;
  private final Door door;
  private final Channel channel;
  private final @Nullable Pages pages;

  /// @param pages what is at paths that are no routes, or null
  JsonEdge(
      GatewayConfig config, HttpRoutes routes, Door door, Channel channel, @Nullable Pages pages) {
    this.config = config;
    this.routes = routes;
    this.door = door;
    this.channel = channel;
    this.pages = pages;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) throws Exception {
    RequestHeaders headers = request.headers();
    Arrival arrival = Arrival.of(ctx);
    String requestId = arrival.requestId();
    String target = ctx.rawPath();
    if (target.length() > config.pathMax().count()) {
      return Answers.problem(ErrorAnswers.of(414), requestId);
    }
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    String query = question < 0 ? "" : target.substring(question + 1);
    return switch (routes.find(headers.method().name(), path)) {
      case Match.Unknown unknown -> {
        HttpResponse page = pages == null ? null : pages.serve(ctx, request, path, requestId);
        yield page == null ? Answers.unknownPath(requestId) : page;
      }
      case Match.OtherMethods other -> Answers.otherMethods(other.methods(), requestId);
      case Match.Found found -> serve(ctx, request, arrival, found, query);
    };
  }

  private HttpResponse serve(
      ServiceRequestContext ctx,
      HttpRequest request,
      Arrival arrival,
      Match.Found found,
      String query) {
    RequestHeaders headers = request.headers();
    HttpRoute route = found.route();
    long bodyMax = route.rpc().largeBody() ? config.messageMax().count() : config.bodyMax().count();
    if (headers.contentLength() > bodyMax) {
      return Answers.problem(ErrorAnswers.of(413), arrival.requestId());
    }
    Visit visit;
    try {
      visit = door.enter(route.rpc(), route.name(), ctx, headers.get(Answers.TRACEPARENT));
    } catch (StatusRuntimeException e) {
      return Answers.problem(Problem.of(e), arrival.requestId());
    }
    ctx.setMaxRequestLength(bodyMax);
    ctx.setRequestTimeout(TimeoutMode.SET_FROM_START, config.bodyTimeout());
    CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
    var _ =
        request
            .aggregate()
            .whenComplete((whole, failure) -> {
              if (failure != null) {
                visit.end(Code.CANCELLED);
                answer.completeExceptionally(Exceptions.peel(failure));
              } else {
                answerWithin(ctx, route.rpc());
                Thread.startVirtualThread(() -> handle(ctx, visit, found, query, whole, answer));
              }
            });
    HttpResponse response = HttpResponse.of(answer);
    var _ =
        response
            .whenComplete()
            .exceptionally(cause -> {
              visit.cancel();
              return null;
            });
    return response;
  }

  // A call has its own deadline; this is for a client that does not read the answer.
  private void answerWithin(ServiceRequestContext ctx, Rpc rpc) {
    if (rpc.streams()) {
      ctx.clearRequestTimeout();
    } else {
      ctx.setRequestTimeout(TimeoutMode.SET_FROM_NOW, Door.longest(rpc).plus(config.stall()));
    }
  }

  private void handle(
      ServiceRequestContext ctx,
      Visit visit,
      Match.Found found,
      String query,
      AggregatedHttpRequest whole,
      CompletableFuture<HttpResponse> answer) {
    try {
      call(ctx, visit, found, query, whole, answer);
    } catch (StatusRuntimeException e) {
      visit.end(e.getStatus().getCode());
      answer.complete(Answers.problem(Problem.of(e), visit));
    } catch (InterruptedException | RuntimeException e) {
      visit.end(Code.INTERNAL);
      answer.completeExceptionally(e);
    }
  }

  private void call(
      ServiceRequestContext ctx,
      Visit visit,
      Match.Found found,
      String query,
      AggregatedHttpRequest whole,
      CompletableFuture<HttpResponse> answer)
      throws InterruptedException {
    RequestHeaders headers = whole.headers();
    HttpRoute route = found.route();
    Door.Ticket ticket = door.admit(visit, headers::get, Door.timeout(headers.get(Door.TIMEOUT)));
    if (!whole.content().isEmpty() && !isJson(headers)) {
      visit.end(Code.INVALID_ARGUMENT);
      answer.complete(Answers.problem(ErrorAnswers.of(415), visit));
      return;
    }
    Message request =
        found.read(
            query,
            utf8(whole.content().array()),
            new HeaderFields(
                headers.get(HttpHeaderNames.IF_MATCH), headers.get(Answers.LAST_EVENT_ID)));
    ClientCall<Message, Message> call = channel.newCall(route.rpc().method(), ticket.options());
    if (route.rpc().streams()) {
      new StreamCall(ctx, visit, route, StreamFormat.of(headers), config)
          .run(call, request, ticket.metadata(), answer);
    } else {
      new UnaryCall(visit, route, answer).start(call, request, ticket.metadata());
    }
  }

  private static boolean isJson(RequestHeaders headers) {
    MediaType type = headers.contentType();
    String encoding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
    return type != null
        && type.type().equals("application")
        && type.subtype().equals("json")
        && type.charset(StandardCharsets.UTF_8).equals(StandardCharsets.UTF_8)
        && (encoding == null || encoding.equals("identity"));
  }

  // A replacement character in the text is the only sign of malformed bytes; then it is looked
  // whether they really are.
  private static String utf8(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.indexOf('\ufffd') >= 0) {
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      } catch (CharacterCodingException e) {
        throw Refusal.invalid("body", "is not UTF-8");
      }
    }
    return text;
  }
}
