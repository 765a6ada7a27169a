package vesper.time;

import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import vesper.options.v1.Caller;
import vesper.runtime.Config;
import vesper.runtime.Host;
import vesper.runtime.InstallationKeys;
import vesper.runtime.Principal;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;
import vesper.time.v1.TimeGrpc;
import vesper.transport.Routing;
import vesper.worldpack.WorldPack;

/// A process that runs the clock service of the sample world over NATS and PostgreSQL.
final class Replica implements AutoCloseable {
  static final String WORLD = "body-broker";
  private static final WorldPack PACK =
      WorldPack.load(Path.of(System.getProperty("vesper.home")).resolve("worlds").resolve(WORLD));
  private static final InstallationKeys KEYS = InstallationKeys.ephemeral();
  private static final Duration BOUND = Duration.ofSeconds(60);

  private final Host host;
  private final InstantSource clock;
  private final Jdbi database;

  private Replica(Host host, InstantSource clock, Jdbi database) {
    this.host = host;
    this.clock = clock;
    this.database = database;
  }

  static Replica start(URI nats, TestDatabase database, TestClock clock) {
    Host host =
        Host.builder()
            .config(
                Config.of(Map.of("vesper.time.refresh", "50ms", "vesper.runtime.drain", "200ms")))
            .nats(nats)
            .database(database.jdbcUrl(), database.user(), database.password())
            .keys(KEYS)
            .clock(clock)
            .routing(Routing.NATS)
            .modules(List.of(new TimeModule(List.of(PACK))))
            .build();
    host.start();
    if (!host.awaitReady(BOUND)) {
      throw new IllegalStateException("The host is not ready");
    }
    return new Replica(host, clock, Jdbi.create(database.dataSource()));
  }

  TimeGrpc.TimeBlockingStub operator() {
    return TimeGrpc.newBlockingStub(host.channel())
        .withInterceptors(as(Principal.Kind.OPERATOR, Set.of(Caller.CALLER_OPERATOR)));
  }

  TimeGrpc.TimeBlockingStub player() {
    return TimeGrpc.newBlockingStub(host.channel())
        .withInterceptors(as(Principal.Kind.PLAYER, Set.of()));
  }

  TimeGrpc.TimeStub readingPlayer() {
    return TimeGrpc.newStub(host.channel()).withInterceptors(as(Principal.Kind.PLAYER, Set.of()));
  }

  double openStreams() {
    return host.meters().get("vesper.time.streams").gauge().value();
  }

  /// Game second up to which the sample world's boundaries are announced.
  long announcedTo() {
    return database.withHandle(handle ->
        handle
            .createQuery("select announced_to from time.clock where world = :world")
            .bind("world", WORLD)
            .mapTo(Long.class)
            .one());
  }

  @Override
  public void close() {
    host.close();
  }

  private ClientInterceptor as(Principal.Kind kind, Set<Caller> roles) {
    Principal principal = new Principal("acc-1", kind, roles, Set.of(), "session");
    Metadata metadata = new Metadata();
    metadata.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
        "Bearer " + KEYS.token(principal, Duration.ofDays(300), clock));
    return MetadataUtils.newAttachHeadersInterceptor(metadata);
  }
}
