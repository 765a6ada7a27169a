package vesper.npc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import vesper.npc.v1.ConverseEvent;
import vesper.npc.v1.ConverseRequest;
import vesper.npc.v1.NpcsGrpc;
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

/// A process that runs the people of the sample world over NATS and PostgreSQL.
final class People implements AutoCloseable {

  static final String WORLD = "body-broker";
  static final WorldPack PACK =
      WorldPack.load(
          Path.of(System.getProperty("vesper.home", "../..")).resolve("worlds").resolve(WORLD));

  private static final InstallationKeys KEYS = InstallationKeys.ephemeral();
  private static final Duration BOUND = Duration.ofSeconds(60);

  private final Host host;
  private final TestClock clock;
  private final Jdbi database;

  private People(Host host, TestClock clock, Jdbi database) {
    this.host = host;
    this.clock = clock;
    this.database = database;
  }

  static People start(
      URI nats,
      TestDatabase database,
      TestClock clock,
      Map<String, String> settings,
      ServiceModule... others) {
    List<ServiceModule> modules = new ArrayList<>(List.of(others));
    modules.add(new NpcModule(List.of(PACK)));
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
    return new People(host, clock, Jdbi.create(database.dataSource()));
  }

  NpcsGrpc.NpcsBlockingStub player(String id) {
    return stub(new Principal(id, Principal.Kind.PLAYER, Set.of(), Set.of(), "s"));
  }

  NpcsGrpc.NpcsStub listeningPlayer(String id) {
    return NpcsGrpc.newStub(host.channel())
        .withInterceptors(as(new Principal(id, Principal.Kind.PLAYER, Set.of(), Set.of(), "s")));
  }

  NpcsGrpc.NpcsBlockingStub designer() {
    return stub(
        new Principal(
            "designer", Principal.Kind.OPERATOR, Set.of(Caller.CALLER_DESIGNER), Set.of(), "s"));
  }

  NpcsGrpc.NpcsBlockingStub operator() {
    return stub(
        new Principal(
            "operator", Principal.Kind.OPERATOR, Set.of(Caller.CALLER_OPERATOR), Set.of(), "s"));
  }

  NpcsGrpc.NpcsBlockingStub gameServer() {
    return stub(
        new Principal(
            "server-1", Principal.Kind.KEY, Set.of(Caller.CALLER_GAME_SERVER), Set.of(), "s"));
  }

  NpcsGrpc.NpcsBlockingStub anonymous() {
    return NpcsGrpc.newBlockingStub(host.channel());
  }

  private NpcsGrpc.NpcsBlockingStub stub(Principal principal) {
    return NpcsGrpc.newBlockingStub(host.channel())
        .withInterceptors(as(principal))
        .withDeadlineAfter(BOUND.toSeconds(), TimeUnit.SECONDS);
  }

  private ClientInterceptor as(Principal principal) {
    return with("authorization", "Bearer " + KEYS.token(principal, Duration.ofDays(1), clock));
  }

  static ClientInterceptor with(String name, String value) {
    var headers = new Metadata();
    headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
    return MetadataUtils.newAttachHeadersInterceptor(headers);
  }

  static ConverseRequest words(String npc, String utterance) {
    return ConverseRequest.newBuilder()
        .setWorldId(WORLD)
        .setNpcId(npc)
        .setUtterance(utterance)
        .build();
  }

  /// Says something as a player and returns all that is sent back. Time passes, so that nobody
  /// talks too fast.
  List<ConverseEvent> events(String player, String npc, String utterance) {
    clock.advance(Duration.ofSeconds(4));
    List<ConverseEvent> events = new ArrayList<>();
    player(player).converse(words(npc, utterance)).forEachRemaining(events::add);
    return events;
  }

  String say(String player, String npc, String utterance) {
    return text(events(player, npc, utterance));
  }

  static String text(List<ConverseEvent> events) {
    var text = new StringBuilder();
    for (var event : events) {
      if (event.hasText()) {
        text.append(event.getText().getText());
      }
    }
    return text.toString();
  }

  Jdbi database() {
    return database;
  }

  int rows(String table) {
    return database.withHandle(handle ->
        handle.createQuery("select count(*) from npc." + table).mapTo(Integer.class).one());
  }

  /// Returns the events of a kind that were published, oldest first.
  <T extends Message> List<T> published(String name, Parser<T> parser) {
    return database.withHandle(handle ->
        handle
            .createQuery("select payload from npc.outbox where subject = :subject order by seq")
            .bind("subject", "evt.npc." + name + ".v1." + WORLD)
            .map((row, _) -> parsed(parser, row.getBytes("payload")))
            .list());
  }

  private static <T extends Message> T parsed(Parser<T> parser, byte[] payload) {
    try {
      return parser.parseFrom(payload);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    host.close();
  }
}
