package vesper.world;

import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import vesper.options.v1.Caller;
import vesper.runtime.Config;
import vesper.runtime.Host;
import vesper.runtime.InstallationKeys;
import vesper.runtime.Principal;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;
import vesper.transport.Routing;
import vesper.world.v1.WorldsGrpc;
import vesper.worldpack.WorldPack;

/// A process that runs the world service of the sample world over NATS and PostgreSQL.
final class Replica implements AutoCloseable {
  static final String WORLD = "body-broker";
  private static final WorldPack PACK =
      WorldPack.load(Path.of(System.getProperty("vesper.home")).resolve("worlds").resolve(WORLD));
  private static final InstallationKeys KEYS = InstallationKeys.ephemeral();
  private static final Duration BOUND = Duration.ofSeconds(60);

  private final Host host;
  private final TestClock clock;

  private Replica(Host host, TestClock clock) {
    this.host = host;
    this.clock = clock;
  }

  static WorldPack pack() {
    return PACK;
  }

  static Replica start(
      URI nats, TestDatabase database, TestClock clock, Map<String, String> settings) {
    return start(nats, database, clock, settings, Routing.NATS);
  }

  static Replica start(
      URI nats,
      TestDatabase database,
      TestClock clock,
      Map<String, String> settings,
      Routing routing) {
    Map<String, String> config = new HashMap<>(settings);
    config.put("vesper.runtime.drain", "200ms");
    Host host =
        Host.builder()
            .config(Config.of(config))
            .nats(nats)
            .database(database.jdbcUrl(), database.user(), database.password())
            .keys(KEYS)
            .clock(clock)
            .routing(routing)
            .modules(List.of(new WorldModule(List.of(PACK))))
            .build();
    host.start();
    if (!host.awaitReady(BOUND)) {
      throw new IllegalStateException("The host is not ready");
    }
    return new Replica(host, clock);
  }

  WorldsGrpc.WorldsBlockingStub game() {
    return WorldsGrpc.newBlockingStub(host.channel()).withInterceptors(gameServer());
  }

  WorldsGrpc.WorldsBlockingStub game(String key) {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("idempotency-key", Metadata.ASCII_STRING_MARSHALLER), key);
    return game().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  WorldsGrpc.WorldsBlockingStub player() {
    return WorldsGrpc.newBlockingStub(host.channel())
        .withInterceptors(as(Principal.Kind.PLAYER, Set.of(), Set.of()));
  }

  WorldsGrpc.WorldsBlockingStub playerOf(String world) {
    return WorldsGrpc.newBlockingStub(host.channel())
        .withInterceptors(as(Principal.Kind.PLAYER, Set.of(), Set.of(world)));
  }

  WorldsGrpc.WorldsStub watchingPlayer() {
    return WorldsGrpc.newStub(host.channel())
        .withInterceptors(as(Principal.Kind.PLAYER, Set.of(), Set.of()));
  }

  WorldsGrpc.WorldsStub watchingGame() {
    return WorldsGrpc.newStub(host.channel()).withInterceptors(gameServer());
  }

  double watchers() {
    return host.meters().get("vesper.world.watchers").gauge().value();
  }

  @Override
  public void close() {
    host.close();
  }

  private ClientInterceptor gameServer() {
    return as(Principal.Kind.KEY, Set.of(Caller.CALLER_GAME_SERVER), Set.of());
  }

  private ClientInterceptor as(Principal.Kind kind, Set<Caller> roles, Set<String> worlds) {
    Principal principal = new Principal("acc-" + kind, kind, roles, worlds, "session");
    Metadata metadata = new Metadata();
    metadata.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
        "Bearer " + KEYS.token(principal, Duration.ofDays(300), clock));
    return MetadataUtils.newAttachHeadersInterceptor(metadata);
  }
}
