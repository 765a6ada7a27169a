package vesper.kb;

import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jdbi.v3.core.Jdbi;
import vesper.kb.v1.Asker;
import vesper.kb.v1.KnowledgeGrpc;
import vesper.kb.v1.KnowledgeHit;
import vesper.kb.v1.SearchKnowledgeRequest;
import vesper.kb.v1.SearchKnowledgeResponse;
import vesper.options.v1.Caller;
import vesper.runtime.Config;
import vesper.runtime.Host;
import vesper.runtime.InstallationKeys;
import vesper.runtime.Principal;
import vesper.runtime.ServiceModule;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;
import vesper.transport.Routing;
import vesper.worldpack.WorldPack;

/// A process that runs the knowledge of the sample world over NATS and PostgreSQL.
final class Replica implements AutoCloseable {
  static final Duration BOUND = Duration.ofSeconds(60);
  private static final InstallationKeys KEYS = InstallationKeys.ephemeral();

  private final Host host;
  private final TestClock clock;
  private final Jdbi database;

  private Replica(Host host, TestClock clock, Jdbi database) {
    this.host = host;
    this.clock = clock;
    this.database = database;
  }

  /// Starts a process and waits until documents can be read.
  static Replica start(
      URI nats, TestDatabase database, TestClock clock, WorldPack pack, WordVectors... ai) {
    List<ServiceModule> modules = new ArrayList<>(List.of(ai));
    modules.add(new KnowledgeModule(List.of(pack)));
    var settings =
        Map.of(
            "vesper.kb.refresh", "50ms",
            "vesper.kb.batch", "4",
            "vesper.kb.query-patience", "250ms",
            "vesper.runtime.drain", "200ms");
    var host =
        Host.builder()
            .config(Config.of(settings))
            .nats(nats)
            .database(database.jdbcUrl(), database.user(), database.password())
            .keys(KEYS)
            .clock(clock)
            .routing(Routing.NATS)
            .modules(modules)
            .build();
    host.start();
    if (!host.awaitReady(BOUND)) {
      throw new IllegalStateException("The host is not ready");
    }
    var replica = new Replica(host, clock, Jdbi.create(database.dataSource()));
    Awaitility.await().atMost(BOUND).until(() -> replica.gauge("vesper.kb.passages") > 0);
    return replica;
  }

  KnowledgeGrpc.KnowledgeBlockingStub operator() {
    return as(
        new Principal(
            "op", Principal.Kind.OPERATOR, Set.of(Caller.CALLER_OPERATOR), Set.of(), "s"));
  }

  KnowledgeGrpc.KnowledgeBlockingStub designer() {
    return as(
        new Principal("d", Principal.Kind.OPERATOR, Set.of(Caller.CALLER_DESIGNER), Set.of(), "s"));
  }

  KnowledgeGrpc.KnowledgeBlockingStub player(String id) {
    return as(new Principal(id, Principal.Kind.PLAYER, Set.of(), Set.of(), "s"));
  }

  private KnowledgeGrpc.KnowledgeBlockingStub as(Principal principal) {
    var headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
        "Bearer " + KEYS.token(principal, Duration.ofDays(1), clock));
    return KnowledgeGrpc.newBlockingStub(host.channel())
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .withDeadlineAfter(BOUND.toSeconds(), TimeUnit.SECONDS);
  }

  SearchKnowledgeResponse search(String query, Asker asker) {
    return operator()
        .searchKnowledge(
            SearchKnowledgeRequest.newBuilder()
                .setWorldId(Packs.WORLD)
                .setQuery(query)
                .setAsker(asker)
                .setLimit(50)
                .build());
  }

  /// Returns the sections that a search finds, best first.
  List<String> sections(String query, Asker asker) {
    return sections(search(query, asker));
  }

  static List<String> sections(SearchKnowledgeResponse response) {
    return response.getHitsList().stream()
        .map(KnowledgeHit::getCitation)
        .map(citation -> citation.getSectionId())
        .toList();
  }

  static Asker npc(String id) {
    return Asker.newBuilder().setNpcId(id).build();
  }

  static Asker asPlayer(String id) {
    return Asker.newBuilder().setPlayerId(id).build();
  }

  static Asker both(String npc, String player) {
    return Asker.newBuilder().setNpcId(npc).setPlayerId(player).build();
  }

  /// Waits until passages are ranked by meaning.
  void awaitVectors() {
    Awaitility.await()
        .atMost(BOUND)
        .until(() -> search("bell", Asker.getDefaultInstance()).getListsList().contains("meaning"));
  }

  double gauge(String name) {
    return host.meters().get(name).gauge().value();
  }

  Jdbi database() {
    return database;
  }

  @Override
  public void close() {
    host.close();
  }
}
