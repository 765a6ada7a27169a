package vesper.bench;

import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.MetadataUtils;
import io.nats.client.Connection;
import io.nats.client.Nats;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import vesper.bench.v1.BenchGrpc;
import vesper.gateway.Gateway;
import vesper.gateway.GatewayConfig;
import vesper.infrastructure.NatsServer;
import vesper.infrastructure.NatsSettings;
import vesper.infrastructure.PostgresServer;
import vesper.infrastructure.PostgresSettings;
import vesper.runtime.Config;
import vesper.runtime.Host;
import vesper.runtime.InstallationKeys;
import vesper.runtime.Principal;
import vesper.runtime.ServiceContext;
import vesper.runtime.ServiceModule;
import vesper.runtime.Wiring;
import vesper.transport.LocalServices;
import vesper.transport.NatsChannel;
import vesper.transport.NatsConnections;
import vesper.transport.Routing;
import vesper.transport.SubjectScheme;

/// Everything that is measured, up and connected, client and server in this one process.
@SuppressWarnings("try") // Closing a NATS connection may be interrupted.
final class Stage implements AutoCloseable {
  private static final String TEXT =
      "Between the quay and the last lamp there is a door. ".repeat(5).substring(0, 253) + "...";

  /// Subjects beside the standard ones, which the product path uses.
  private static final SubjectScheme BARE =
      method -> {
        SubjectScheme.Route standard = SubjectScheme.standard().route(method);
        return new SubjectScheme.Route(
            standard.domain(),
            "bare." + standard.subject(),
            "bare." + standard.queueGroup(),
            "bare." + standard.control());
      };

  private static final Duration READY_WITHIN = Duration.ofSeconds(30);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final List<Variant> variants = new ArrayList<>();

  static Stage open(Path folder, Consumer<String> progress) throws Exception {
    Stage stage = new Stage();
    try {
      stage.build(folder, progress);
      return stage;
    } catch (Exception failure) {
      stage.close();
      throw failure;
    }
  }

  List<Variant> variants() {
    return variants;
  }

  private void build(Path folder, Consumer<String> progress) throws Exception {
    progress.accept("starting nats-server and PostgreSQL");
    URI nats = keep(NatsServer.start(NatsSettings.disposable(folder), progress)).url();
    PostgresServer postgres =
        keep(PostgresServer.start(PostgresSettings.disposable(folder), progress));
    EchoService service = new EchoService();

    Raw raw = keep(new Raw(nats, TEXT));
    variants.add(Variant.call("raw-request", caller -> raw.request()));
    variants.add(Variant.call("raw-mux", caller -> raw.mux()));

    Channel stubs = overNats(nats, service.bindService());
    variants.add(Variant.call("stubs", Calls.echo(stubs, TEXT)));

    InstallationKeys keys = InstallationKeys.ephemeral();
    Host host =
        keep(
            Host.builder()
                .config(Config.of(Map.of("vesper.runtime.log.level", "error")))
                .routing(Routing.NATS)
                .nats(nats)
                .database(postgres.jdbcUrl(), postgres.user(), postgres.password())
                .keys(keys)
                .modules(List.of(module(service)))
                .build());
    host.start();
    if (!host.awaitReady(READY_WITHIN)) {
      throw new IllegalStateException("the services did not become ready");
    }
    String token =
        keys.token(
            new Principal(
                "0198c0de-0000-7000-8000-000000000001",
                Principal.Kind.PLAYER,
                Set.of(),
                Set.of(),
                "bench"),
            Duration.ofHours(1));
    variants.add(Variant.call("product", Calls.echo(authorized(host.channel(), token), TEXT)));

    Channel grpc = overHttp2(service.bindService());
    variants.add(Variant.call("grpc", Calls.echo(grpc, TEXT)));
    Channel grpcProduct = host.guard(overHttp2(host.guard("bench", service.bindService())));
    variants.add(Variant.call("grpc-product", Calls.echo(authorized(grpcProduct, token), TEXT)));

    LocalServices local = keep(LocalServices.create());
    local.add("bench", List.of(service.bindService()));
    variants.add(Variant.call("in-process", Calls.echo(local.channel(), TEXT)));

    variants.add(Variant.call("plain-json", overHttp(keep(new PlainEcho()).uri(), token)));
    variants.add(Variant.call("gateway-json", overHttp(gateway(host), token)));

    variants.add(Variant.stream("tokens-nats", Calls.tokens(stubs)));
    variants.add(Variant.stream("tokens-grpc", Calls.tokens(grpc)));
  }

  private Channel overNats(URI nats, ServerServiceDefinition service) throws Exception {
    Connection serving = keep(Nats.connect(NatsConnections.rpc("bench-server", nats).build()));
    vesper.transport.NatsServer server =
        vesper.transport.NatsServer.builder(serving)
            .name("bench-stubs")
            .version("0.1.0")
            .scheme(BARE)
            .addService(service)
            .build();
    keep(server);
    server.start();
    Connection calling = keep(Nats.connect(NatsConnections.rpc("bench-client", nats).build()));
    return keep(NatsChannel.builder(calling).scheme(BARE).build());
  }

  private Channel overHttp2(ServerServiceDefinition service) throws Exception {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .addService(service)
            .build()
            .start();
    keep(server::shutdownNow);
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()))
            .usePlaintext()
            .build();
    keep(channel::shutdownNow);
    return channel;
  }

  private URI gateway(Host host) {
    // One player calls as fast as it can.
    GatewayConfig config =
        Config.of(
                Map.of(
                    "vesper.gateway.port", "0",
                    "vesper.gateway.inflight-each", "4096",
                    "vesper.gateway.rate.writes", "1000000000",
                    "vesper.gateway.rate.reads", "1000000000"))
            .read("gateway", GatewayConfig.class);
    return keep(Gateway.start(
            config,
            List.of(BenchGrpc.getServiceDescriptor()),
            host.channel(),
            host.tokens(),
            host.tracing()))
        .uri();
  }

  private Variant.Operation overHttp(URI server, String token) throws Exception {
    int callers = Variant.CALLS.getLast();
    List<HttpCaller> connections = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      connections.add(
          keep(new HttpCaller(server, "/v1/bench/echo", token, "{\"text\": \"" + TEXT + "\"}")));
    }
    return caller -> connections.get(caller).post();
  }

  private static Channel authorized(Channel channel, String token) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private static ServiceModule module(BindableService service) {
    return new ServiceModule() {
      @Override
      public String id() {
        return "bench";
      }

      @Override
      public String domain() {
        return "bench";
      }

      @Override
      public Wiring wire(ServiceContext context) {
        return new Wiring(List.of(service), List.of());
      }
    };
  }

  private <T extends AutoCloseable> T keep(T part) {
    parts.push(part);
    return part;
  }

  @Override
  public void close() throws Exception {
    while (!parts.isEmpty()) {
      parts.pop().close();
    }
  }
}
