package vesper.ai;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import vesper.ai.v1.AiGrpc;
import vesper.options.v1.Caller;
import vesper.runtime.Config;
import vesper.runtime.Host;
import vesper.runtime.InstallationKeys;
import vesper.runtime.Principal;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;
import vesper.transport.Routing;

/// A process that runs the door to the models and a router of the test.
final class AiHost implements AutoCloseable {
  static final Map<String, String> ENVIRONMENT = Map.of("TEST_KEY", "sesame");
  private static final InstallationKeys KEYS = InstallationKeys.ephemeral();
  private static final Duration BOUND = Duration.ofSeconds(60);

  private static final ClientInterceptor AS_SERVICE =
      with(
          "vesper-caller",
          KEYS.token(
              Principal.service("npc-behavior"), Duration.ofDays(1), InstantSource.system()));

  final TestRouter router;
  final Jdbi database;
  private final Host host;

  private AiHost(Host host, Jdbi database, TestRouter router) {
    this.host = host;
    this.database = database;
    this.router = router;
  }

  static AiHost start(TestNats nats, TestDatabase database, String... settings) {
    return start(nats, database, Routing.NATS, settings);
  }

  /// Starts with settings, key and value in turn.
  static AiHost start(TestNats nats, TestDatabase database, Routing routing, String... settings) {
    Map<String, String> flags = new HashMap<>(Map.of("vesper.ai.embed.warm", "false"));
    // A machine that builds other things at the same time must not decide a test.
    flags.put("vesper.ai.silver.whole", "30s");
    flags.put("vesper.ai.silver.first-text", "20s");
    flags.put("vesper.ai.silver.primary", "2s");
    flags.put("vesper.ai.silver.other", "2s");
    flags.put("vesper.ai.silver.below", "2s");
    flags.put("vesper.ai.stream.stall", "5s");
    flags.put("vesper.ai.route.timeout", "20s");
    flags.put("vesper.runtime.drain", "5s");
    for (int i = 0; i < settings.length; i += 2) {
      flags.put(settings[i], settings[i + 1]);
    }
    TestRouter router = new TestRouter();
    Host host =
        Host.builder()
            .config(Config.of(flags))
            .nats(nats.url())
            .database(database.jdbcUrl(), database.user(), database.password())
            .keys(KEYS)
            .routing(routing)
            .modules(List.of(new AiModule(AiHost::variable), router))
            .build();
    AiHost started = new AiHost(host, Jdbi.create(database.dataSource()), router);
    host.start();
    if (!host.awaitReady(BOUND)) {
      throw new IllegalStateException("The host is not ready");
    }
    return started;
  }

  AiGrpc.AiBlockingStub caller() {
    return AiGrpc.newBlockingStub(host.channel())
        .withDeadlineAfter(60, TimeUnit.SECONDS)
        .withInterceptors(AS_SERVICE);
  }

  AiGrpc.AiBlockingV2Stub reader() {
    return AiGrpc.newBlockingV2Stub(host.channel()).withInterceptors(AS_SERVICE);
  }

  AiGrpc.AiStub listener() {
    return AiGrpc.newStub(host.channel()).withInterceptors(AS_SERVICE);
  }

  AiGrpc.AiBlockingStub operator() {
    return AiGrpc.newBlockingStub(host.channel())
        .withInterceptors(
            as(
                "authorization",
                new Principal(
                    "op",
                    Principal.Kind.OPERATOR,
                    Set.of(Caller.CALLER_OPERATOR),
                    Set.of(),
                    "session")));
  }

  double counted(String name) {
    return host.meters().get(name).counter().count();
  }

  /// Spans of a trace as the management port tells them.
  JsonArray spans(String trace) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      String body =
          http.send(
                  HttpRequest.newBuilder(host.management().resolve("/traces/" + trace)).build(),
                  BodyHandlers.ofString())
              .body();
      return JsonParser.parseString(body).getAsJsonObject().getAsJsonArray("spans");
    }
  }

  @Override
  public void close() {
    host.close();
  }

  static ClientInterceptor with(String key, String value) {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER), value);
    return MetadataUtils.newAttachHeadersInterceptor(metadata);
  }

  private static ClientInterceptor as(String key, Principal principal) {
    String token = KEYS.token(principal, Duration.ofDays(1), InstantSource.system());
    return with(key, "Bearer " + token);
  }

  private static @Nullable String variable(String name) {
    return ENVIRONMENT.get(name);
  }
}
