package vesper.gateway;

import com.google.protobuf.Message;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import vesper.gateway.transcoding.HttpRoute;
import vesper.gateway.transcoding.JsonReply;
import vesper.gateway.transcoding.Problem;

/// A call with a stream of replies, written as they come by one virtual thread that waits for the
/// call and for the client.
final class StreamCall {
  private static final AsciiString BUFFERING = HttpHeaderNames.of("x-accel-buffering");
  private static final int ROOM = 1024;

  private final ServiceRequestContext context;
  private final Visit visit;
  private final HttpRoute route;
  private final StreamFormat format;
  private final Duration heartbeat;
  private final Duration stall;
  private final ItemQueue queue = new ItemQueue();
  private long sequence;

  StreamCall(
      ServiceRequestContext context,
      Visit visit,
      HttpRoute route,
      StreamFormat format,
      GatewayConfig config) {
    this.context = context;
    this.visit = visit;
    this.route = route;
    this.format = format;
    this.heartbeat = config.heartbeat();
    this.stall = config.stall();
  }

  /// Makes the call and writes its replies; returns when everything was written or the client was
  /// given up. The answer is complete as soon as the first item or the end is there.
  void run(
      ClientCall<Message, Message> call,
      Message request,
      Metadata metadata,
      CompletableFuture<HttpResponse> answer)
      throws InterruptedException {
    Status.Code code = Status.Code.CANCELLED;
    try {
      queue.start(call, request, metadata);
      visit.started(call);
      queue.await();
      StatusRuntimeException failure = failure(queue.end());
      if (failure != null) {
        code = failure.getStatus().getCode();
        answer.complete(Answers.problem(Problem.of(failure), visit));
        return;
      }
      HttpResponseWriter writer = HttpResponse.streaming();
      writer.write(headers());
      answer.complete(writer);
      Status.Code ended = null;
      try {
        ended = write(call, writer);
      } finally {
        if (ended == null) {
          visit.stall();
          writer.abort();
        } else {
          code = ended;
        }
      }
    } finally {
      visit.end(code);
    }
  }

  // Returns how the call ended, or null when the client was given up.
  private Status.@Nullable Code write(ClientCall<Message, Message> call, HttpResponseWriter writer)
      throws InterruptedException {
    while (true) {
      JsonReply chunk = new JsonReply(ROOM);
      List<Message> items = queue.take(call);
      for (Message item : items) {
        format.item(chunk, ++sequence, route, item);
      }
      Status end = queue.end();
      StatusRuntimeException failure = failure(end);
      if (failure != null) {
        format.failure(chunk, Problem.of(failure).toJson(visit.requestId()));
      } else if (end != null) {
        format.end(chunk);
      } else if (items.isEmpty()) {
        format.beat(chunk);
      }
      if (chunk.length() > 0 && !send(writer, chunk)) {
        return null;
      }
      if (end != null) {
        // What is left to be written is the end of the body.
        context.setRequestTimeout(TimeoutMode.SET_FROM_NOW, stall);
        writer.close();
        return failure == null ? Status.Code.OK : failure.getStatus().getCode();
      }
      queue.await(heartbeat);
    }
  }

  // Waits until the client has taken the chunk from us, and returns whether it did.
  private boolean send(HttpResponseWriter writer, JsonReply chunk) throws InterruptedException {
    if (!writer.tryWrite(HttpData.wrap(chunk.toBytes()))) {
      return false;
    }
    try {
      writer.whenConsumed().get(stall.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }

  private @Nullable StatusRuntimeException failure(@Nullable Status end) {
    return end == null || end.isOk() ? null : visit.outcome(end, queue.trailers());
  }

  private ResponseHeaders headers() {
    ResponseHeadersBuilder headers =
        ResponseHeaders.builder(HttpStatus.OK)
            .set(HttpHeaderNames.CONTENT_TYPE, format.mediaType())
            .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
            .set(BUFFERING, "no");
    Answers.addTo(headers, visit);
    if (queue.headers().containsKey(Door.REPLAYED)) {
      headers.set(Answers.REPLAYED, "true");
    }
    return headers.build();
  }
}
