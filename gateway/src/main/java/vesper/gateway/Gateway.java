package vesper.gateway;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.encoding.StreamEncoderFactories;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.cors.CorsService;
import com.linecorp.armeria.server.cors.CorsServiceBuilder;
import com.linecorp.armeria.server.encoding.EncodingService;
import io.grpc.Channel;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vesper.gateway.transcoding.HttpRoutes;
import vesper.gateway.transcoding.Problem;
import vesper.gateway.transcoding.Rpc;
import vesper.runtime.Ids;
import vesper.runtime.TokenVerifier;
import vesper.runtime.Tracing;

/// The one door for clients: HTTP/JSON, server-sent events and gRPC on one port, onto the rpcs that
/// contracts declare public. It checks tokens, bounds what comes in and translates; whether a
/// caller may do what it asks is decided by the services.
public final class Gateway implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Gateway.class);
  private static final Duration FAREWELL = Duration.ofSeconds(1);
  private static final int BLOCKING_THREADS = 4;
  private static final int LINE_SLACK = 1024;
  private static final int MESSAGE_SLACK = 1024;
  private static final int HTTP2_STREAMS = 1_000;
  private static final int WORTH_COMPRESSING = 1024;
  private static final Duration PREFLIGHT = Duration.ofMinutes(10);

  private static final Problem UNKNOWN_RPC = Problem.of(Status.UNIMPLEMENTED.asRuntimeException());

  // Whole answers only: in a stream an item would wait for the next one.
  private static final Set<String> COMPRESSED =
      Set.of(
          "application/json",
          "application/problem+json",
          "text/html",
          "text/plain",
          "text/css",
          "text/javascript",
          "image/svg+xml");
  private static final Function<? super HttpService, EncodingService> COMPRESSION =
      EncodingService.builder()
          .encoderFactories(StreamEncoderFactories.GZIP)
          .minBytesToForceChunkedEncoding(WORTH_COMPRESSING)
          .encodableContentTypes(type -> COMPRESSED.contains(type.type() + "/" + type.subtype()))
          .newDecorator();

  private final Server server;
  private final Admission admission;
  private final GrpcEdge grpc;
  private final String host;

  private Gateway(Server server, Admission admission, GrpcEdge grpc, String host) {
    this.server = server;
    this.admission = admission;
    this.grpc = grpc;
    this.host = host;
  }

  /// Starts a gateway and returns when it listens.
  ///
  /// @param services the services whose public rpcs are offered, as in
  ///   `TimeGrpc.getServiceDescriptor()`
  /// @param channel carries the calls to the services
  /// @throws IllegalArgumentException when a contract cannot be offered or two routes fit the same
  ///   requests
  /// @throws IllegalStateException when it cannot listen where it shall
  public static Gateway start(
      GatewayConfig config,
      List<ServiceDescriptor> services,
      Channel channel,
      TokenVerifier tokens,
      Tracing tracing) {
    return start(
        config,
        services,
        channel,
        tokens::verify,
        (name, traceparent) -> tracing.begin("gateway", name, traceparent));
  }

  static Gateway start(
      GatewayConfig config,
      List<ServiceDescriptor> services,
      Channel channel,
      Door.Tokens tokens,
      Door.Spans spans) {
    List<Rpc> rpcs = Rpc.offered(services);
    HttpRoutes routes = HttpRoutes.of(rpcs);
    Admission admission = new Admission(config);
    Ids ids = new RequestIds(InstantSource.system());
    Rates rates = new Rates(config.rate());
    Door door = new Door(admission, rates, tokens, spans, ids, config.streamMax());
    Pages pages = config.docs() ? new Pages(routes) : null;
    JsonEdge json = new JsonEdge(config, routes, door, channel, pages);
    GrpcEdge grpc = new GrpcEdge(config, rpcs, door, channel);
    HttpService other =
        (context, request) ->
            GrpcEdge.isGrpc(request)
                ? GrpcEdge.refused(request, UNKNOWN_RPC)
                : json.serve(context, request);
    Server server =
        Server.builder()
            .port(new InetSocketAddress(config.host(), config.port()), SessionProtocol.HTTP)
            .service(
                grpc.service(),
                service ->
                    (context, request) ->
                        GrpcEdge.isGrpc(request)
                            ? service.serve(context, GrpcEdge.readable(request))
                            : json.serve(context, request))
            .serviceUnder("/", other)
            .decorator(new Front(door, new Addresses(config.trustedProxies())))
            .decorator(COMPRESSION)
            .decorator(cors(config.cors()))
            .errorHandler(new ErrorAnswers(door))
            .maxRequestLength(config.messageMax().count() + MESSAGE_SLACK)
            .http1MaxInitialLineLength(config.pathMax().asInt() + LINE_SLACK)
            .http1MaxHeaderSize(config.headersMax().asInt())
            .http2MaxHeaderListSize(config.headersMax().count())
            .childChannelPipelineCustomizer(pipeline -> {
              HeadTimer.watch(pipeline.channel(), config.bodyTimeout());
              pipeline.addFirst(new QuietGoAway());
            })
            .http2MaxStreamsPerConnection(HTTP2_STREAMS)
            .maxNumConnections(config.connections())
            .idleTimeout(config.idle())
            .requestTimeoutMillis(0)
            // Only pages and the document are made there.
            .blockingTaskExecutor(BLOCKING_THREADS)
            .disableServerHeader()
            .unloggedExceptionsReportIntervalMillis(0)
            .build();
    try {
      server.start().join();
    } catch (CompletionException e) {
      String cause = String.valueOf(e.getCause() == null ? e : e.getCause());
      throw new IllegalStateException(
          "the gateway cannot listen on port %d of %s: %s"
              .formatted(
                  config.port(),
                  config.host(),
                  cause.contains("in use") ? "another process has it" : cause),
          e);
    }
    Gateway gateway = new Gateway(server, admission, grpc, config.host());
    log.atInfo()
        .addKeyValue("uri", gateway.uri())
        .addKeyValue("routes", routes.all().size())
        .log("Gateway listens");
    return gateway;
  }

  private static Function<? super HttpService, ? extends HttpService> cors(CorsConfig config) {
    if (config.origins().isEmpty()) {
      return Function.identity();
    }
    CorsServiceBuilder cors =
        config.origins().contains("*")
            ? CorsService.builderForAnyOrigin()
            : CorsService.builder(config.origins());
    return cors.allowRequestMethods(
            HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE)
        .allowRequestHeaders(
            "authorization",
            "content-type",
            "grpc-timeout",
            "idempotency-key",
            "if-match",
            "last-event-id",
            "traceparent",
            "x-grpc-web",
            "x-request-id",
            "x-timeout-ms",
            "x-user-agent")
        .exposeHeaders(
            "etag",
            "grpc-message",
            "grpc-status",
            "grpc-status-details-bin",
            "retry-after",
            "traceparent",
            "vesper-replayed",
            "x-ratelimit-limit",
            "x-ratelimit-remaining",
            "x-ratelimit-reset",
            "x-request-id")
        .maxAge(PREFLIGHT)
        .newDecorator();
  }

  /// Where it listens.
  public URI uri() {
    return URI.create("http://" + host + ":" + server.activeLocalPort());
  }

  /// Refuses new requests with 503 and waits for the running ones; those left after the limit are
  /// told that the gateway stops.
  public void drain(Duration limit) throws InterruptedException {
    grpc.drain();
    admission.drain(limit);
    admission.awaitEmpty(FAREWELL);
  }

  /// Stops listening and ends what still runs.
  @Override
  public void close() {
    try {
      drain(Duration.ZERO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.stop().join();
  }
}
