package vesper.gateway;

import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServiceDescriptor;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import vesper.auth.v1.AuthGrpc;
import vesper.gateway.trial.v1.TrialGrpc;
import vesper.npc.v1.NpcsGrpc;
import vesper.runtime.Config;
import vesper.runtime.Principal;
import vesper.runtime.Refusal;
import vesper.time.v1.TimeGrpc;

/// A gateway on a free port before services in this process.
final class TestEdge implements AutoCloseable {
  /// A valid token; so is every text that begins with it, each of another player.
  static final String TOKEN = "good-token";

  static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  static final GatewayConfig CONFIG = config(Map.of());

  static final List<ServiceDescriptor> CONTRACTS =
      List.of(
          AuthGrpc.getServiceDescriptor(),
          TimeGrpc.getServiceDescriptor(),
          NpcsGrpc.getServiceDescriptor(),
          TrialGrpc.getServiceDescriptor());

  final TrialService trial = new TrialService();
  final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /// Metadata of the last call that arrived.
  volatile Metadata received = new Metadata();

  /// Time left to the last call that arrived.
  volatile Duration left = Duration.ZERO;

  /// Whether answers say that they are repeated.
  volatile boolean replaying;

  private final Server server;
  private final ManagedChannel channel;
  private final Gateway gateway;

  TestEdge(GatewayConfig config, BindableService... others) {
    String name = UUID.randomUUID().toString();
    InProcessServerBuilder builder =
        InProcessServerBuilder.forName(name)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .addService(trial)
            .intercept(new Recorder());
    List.of(others).forEach(builder::addService);
    try {
      server = builder.build().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    channel =
        InProcessChannelBuilder.forName(name)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
    gateway = Gateway.start(config, CONTRACTS, channel, TestEdge::verify, (span, parent) -> span());
  }

  private static Principal verify(String token) {
    if (!token.startsWith(TOKEN)) {
      throw Refusal.unauthenticated("INVALID", "the token is not valid");
    }
    return new Principal(token, Principal.Kind.PLAYER, Set.of(), Set.of(), "session");
  }

  private static Span span() {
    return Span.wrap(
        SpanContext.create(
            TRACE, "b7ad6b7169203331", TraceFlags.getSampled(), TraceState.getDefault()));
  }

  /// The defaults, on a free port and with rates that no test reaches, but for some settings.
  ///
  /// @param settings by key without its prefix, as in `stall`
  static GatewayConfig config(Map<String, String> settings) {
    Map<String, String> given =
        new HashMap<>(
            Map.of(
                "vesper.gateway.port", "0",
                "vesper.gateway.rate.anonymous", "1000000",
                "vesper.gateway.rate.reads", "1000000",
                "vesper.gateway.rate.writes", "1000000"));
    settings.forEach((key, value) -> given.put("vesper.gateway." + key, value));
    return Config.of(given).read("gateway", GatewayConfig.class);
  }

  URI uri() {
    return gateway.uri();
  }

  Gateway gateway() {
    return gateway;
  }

  Channel channel() {
    return channel;
  }

  /// A request, with the token.
  HttpRequest.Builder request(String target) {
    return anonymous(target).header("Authorization", "Bearer " + TOKEN);
  }

  /// A request of somebody else.
  HttpRequest.Builder as(String name, String target) {
    return anonymous(target).header("Authorization", "Bearer " + TOKEN + "-of-" + name);
  }

  /// A request without a token.
  HttpRequest.Builder anonymous(String target) {
    return HttpRequest.newBuilder(URI.create(uri() + target)).timeout(Duration.ofSeconds(60));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<String> get(String target) {
    return send(request(target));
  }

  HttpResponse<String> post(String target, String json) {
    return send(
        request(target)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  /// Names of the metadata that arrived with the last call, without those of grpc itself.
  List<String> receivedKeys() {
    List<String> keys = new ArrayList<>(received.keys());
    keys.removeIf(key -> key.startsWith("grpc-") || key.equals("user-agent"));
    return keys.stream().sorted().toList();
  }

  @Nullable String received(String key) {
    return received.get(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER));
  }

  @Override
  public void close() {
    http.shutdownNow();
    gateway.close();
    channel.shutdownNow();
    server.shutdownNow();
  }

  private final class Recorder implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      received = headers;
      Deadline deadline = Context.current().getDeadline();
      left =
          deadline == null
              ? Duration.ZERO
              : Duration.ofNanos(deadline.timeRemaining(java.util.concurrent.TimeUnit.NANOSECONDS));
      return next.startCall(
          new SimpleForwardingServerCall<>(call) {
            @Override
            public void sendHeaders(Metadata answer) {
              if (replaying) {
                answer.put(Door.REPLAYED, "true");
              }
              answer.put(Metadata.Key.of("internal", Metadata.ASCII_STRING_MARSHALLER), "secret");
              super.sendHeaders(answer);
            }
          },
          headers);
    }
  }
}
