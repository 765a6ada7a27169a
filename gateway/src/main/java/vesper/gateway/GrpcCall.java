package vesper.gateway;

import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vesper.gateway.transcoding.Problem;
import vesper.gateway.transcoding.Rpc;
import vesper.runtime.Refusal;

/// Passes the calls of one rpc that arrive over gRPC on to the channel, as bytes.
final class GrpcCall implements ServerCallHandler<byte[], byte[]> {
  private static final Logger log = LoggerFactory.getLogger(GrpcCall.class);
  private static final Metadata.Key<String> TIMEOUT =
      Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);
  private static final Pattern TIMEOUT_FORM = Pattern.compile("([0-9]{1,8})([HMSmun])");
  private static final RawBytes BYTES = new RawBytes();
  private static final int WINDOW = 32;

  private final Rpc rpc;
  private final MethodDescriptor<byte[], byte[]> method;
  private final Door door;
  private final Channel channel;
  private final Duration bodyTimeout;
  private final Duration stall;

  GrpcCall(Rpc rpc, Door door, Channel channel, GatewayConfig config) {
    this.rpc = rpc;
    this.method = rpc.method().toBuilder(BYTES, BYTES).build();
    this.door = door;
    this.channel = channel;
    this.bodyTimeout = config.bodyTimeout();
    this.stall = config.stall();
  }

  /// The rpc with messages as bytes.
  MethodDescriptor<byte[], byte[]> method() {
    return method;
  }

  @Override
  public ServerCall.Listener<byte[]> startCall(
      ServerCall<byte[], byte[]> client, Metadata headers) {
    ServiceRequestContext context = ServiceRequestContext.current();
    Arrival arrival = Arrival.of(context);
    try {
      Visit visit = door.enter(rpc, rpc.name(), context, headers.get(Door.TRACEPARENT));
      context.setRequestTimeout(TimeoutMode.SET_FROM_START, bodyTimeout);
      client.request(2);
      return new Incoming(client, headers, visit, context);
    } catch (StatusRuntimeException e) {
      close(client, e, arrival.requestId());
      return new ServerCall.Listener<>() {};
    }
  }

  private static void close(
      ServerCall<byte[], byte[]> client, StatusRuntimeException outcome, String requestId) {
    Status status = outcome.getStatus();
    Metadata trailers = new Metadata();
    trailers.put(Door.REQUEST_ID, requestId);
    if (status.isOk()) {
      client.close(Status.OK, trailers);
      return;
    }
    Problem problem = Problem.of(outcome);
    Metadata received = outcome.getTrailers();
    byte[] details = received == null ? null : received.get(DETAILS);
    if (details != null && problem.status() != 500) {
      trailers.put(DETAILS, details);
    }
    client.close(problem.code().toStatus().withDescription(problem.detail()), trailers);
  }

  /// The side of the client: takes its one request.
  private final class Incoming extends ServerCall.Listener<byte[]> {
    private final ServerCall<byte[], byte[]> client;
    private final Metadata headers;
    private final Visit visit;
    private final ServiceRequestContext context;
    private byte @Nullable [] request;
    private volatile @Nullable Outgoing outgoing;

    Incoming(
        ServerCall<byte[], byte[]> client,
        Metadata headers,
        Visit visit,
        ServiceRequestContext context) {
      this.context = context;
      this.client = client;
      this.headers = headers;
      this.visit = visit;
    }

    @Override
    public void onMessage(byte[] message) {
      request = message;
    }

    @Override
    public void onHalfClose() {
      context.clearRequestTimeout();
      Thread.startVirtualThread(this::call);
    }

    private void call() {
      try {
        byte[] message = request;
        if (message == null) {
          throw Refusal.invalid("body", "is missing");
        }
        Door.Ticket ticket = door.admit(visit, this::header, timeout(headers.get(TIMEOUT)));
        ClientCall<byte[], byte[]> call = channel.newCall(method, ticket.options());
        Outgoing started = new Outgoing(client, call, visit, context);
        call.start(started, ticket.metadata());
        outgoing = started;
        started.request();
        call.sendMessage(message);
        call.halfClose();
        visit.started(call);
      } catch (StatusRuntimeException e) {
        visit.end(e.getStatus().getCode());
        close(client, e, visit.requestId());
      } catch (RuntimeException e) {
        log.atError()
            .addKeyValue("requestId", visit.requestId())
            .setCause(e)
            .log("A request failed inside the gateway");
        visit.end(Status.Code.INTERNAL);
        close(client, Status.INTERNAL.asRuntimeException(), visit.requestId());
      }
    }

    private @Nullable String header(String name) {
      return headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
    }

    @Override
    public void onCancel() {
      visit.cancel();
      visit.end(Status.Code.CANCELLED);
    }

    @Override
    public void onReady() {
      Outgoing started = outgoing;
      if (started != null) {
        started.ready();
      }
    }
  }

  /// The side of the service: passes its replies on while the client takes them.
  private final class Outgoing extends ClientCall.Listener<byte[]> {
    private final ServerCall<byte[], byte[]> client;
    private final ClientCall<byte[], byte[]> call;
    private final Visit visit;
    private final ServiceRequestContext context;
    private final AtomicInteger promised = new AtomicInteger();
    private final AtomicBoolean watched = new AtomicBoolean();
    private volatile boolean takes;
    private boolean headersSent;

    Outgoing(
        ServerCall<byte[], byte[]> client,
        ClientCall<byte[], byte[]> call,
        Visit visit,
        ServiceRequestContext context) {
      this.client = client;
      this.call = call;
      this.visit = visit;
      this.context = context;
    }

    /// The client takes more.
    void ready() {
      takes = true;
      request();
    }

    // A client that takes nothing in the time that a write may be blocked is given up.
    private void watch() {
      if (watched.compareAndSet(false, true)) {
        takes = false;
        var _ =
            context
                .eventLoop()
                .withoutContext()
                .schedule(this::look, stall.toNanos(), TimeUnit.NANOSECONDS);
      }
    }

    private void look() {
      watched.set(false);
      if (client.isReady() || client.isCancelled() || context.log().isComplete()) {
        return;
      }
      if (takes) {
        watch();
      } else {
        visit.stall();
        context.cancel();
      }
    }

    /// Lets the service send more.
    void request() {
      int before = promised.getAndSet(WINDOW);
      if (before < WINDOW) {
        call.request(WINDOW - before);
      }
    }

    @Override
    public void onHeaders(Metadata received) {
      Metadata headers = new Metadata();
      headers.put(Door.REQUEST_ID, visit.requestId());
      headers.put(Door.TRACEPARENT, visit.traceparent());
      if (received.containsKey(Door.REPLAYED)) {
        headers.put(Door.REPLAYED, "true");
      }
      headersSent = true;
      client.sendHeaders(headers);
    }

    @Override
    public void onMessage(byte[] message) {
      if (!headersSent) {
        onHeaders(new Metadata());
      }
      client.sendMessage(message);
      int left = promised.decrementAndGet();
      if (!client.isReady()) {
        watch();
      } else if (left <= WINDOW / 2) {
        request();
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      StatusRuntimeException outcome = visit.outcome(status, trailers);
      visit.end(outcome.getStatus().getCode());
      close(client, outcome, visit.requestId());
    }
  }

  /// Reads the time that a gRPC client gives to its call.
  static @Nullable Duration timeout(@Nullable String header) {
    if (header == null) {
      return null;
    }
    Matcher matcher = TIMEOUT_FORM.matcher(header);
    if (!matcher.matches()) {
      throw Refusal.invalid("grpc-timeout", "must be up to eight digits and a unit");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "H" -> Duration.ofHours(amount);
      case "M" -> Duration.ofMinutes(amount);
      case "S" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMillis(amount);
      case "u" -> Duration.ofNanos(amount * 1000);
      default -> Duration.ofNanos(amount);
    };
  }
}
