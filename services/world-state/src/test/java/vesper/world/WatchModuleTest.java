package vesper.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static vesper.world.Things.text;

import com.google.protobuf.Struct;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;
import vesper.transport.Routing;
import vesper.world.v1.ApplyChangesRequest;
import vesper.world.v1.ApplyChangesResponse;
import vesper.world.v1.Change;
import vesper.world.v1.DeltaKind;
import vesper.world.v1.Entity;
import vesper.world.v1.EntityDelete;
import vesper.world.v1.EntityUpdate;
import vesper.world.v1.FlagChange;
import vesper.world.v1.FlagValue;
import vesper.world.v1.QueryEntitiesRequest;
import vesper.world.v1.WatchRegionRequest;
import vesper.world.v1.WorldFrame;

class WatchModuleTest {
  private static final Duration BOUND = Duration.ofSeconds(60);

  private final TestNats.Owned nats = TestNats.startOwn();
  private final TestDatabase database = TestDatabase.create();
  private final TestClock time = TestClock.create();
  private final List<Replica> replicas = new ArrayList<>();

  @AfterEach
  void stop() {
    replicas.forEach(Replica::close);
    database.close();
    nats.close();
  }

  private Replica replica(Map<String, String> settings) {
    Replica replica = Replica.start(nats.url(), database, time, settings);
    replicas.add(replica);
    return replica;
  }

  @Test
  void watchRegion_oneRegion_isTheSnapshotThenItsChanges() throws Exception {
    Replica replica = replica(Map.of());
    WatchingClient client = new WatchingClient();
    FrameReader reader = watch(replica, request("howe").build());
    reader.follow(client, 1);
    assertThat(client.entities()).containsOnlyKeys("npc:yrsa-grist", "stone:weighing");
    assertThat(client.flags()).isEmpty();

    apply(replica, look("npc:pip", "howe", "Pip, among friends."));
    WorldFrame entered = reader.next();
    client.take(entered);
    assertThat(entered.getEntities(0).getKind()).isEqualTo(DeltaKind.DELTA_KIND_ENTER);
    assertThat(entered.getEntities(0).getEntity().getComponentsMap()).containsKey("person");

    apply(replica, look("npc:pip", "howe", "Pip, louder."));
    WorldFrame updated = reader.next();
    client.take(updated);
    assertThat(updated.getEntities(0).getKind()).isEqualTo(DeltaKind.DELTA_KIND_UPDATE);
    assertThat(updated.getEntities(0).getEntity().getComponentsMap()).containsOnlyKeys("look");
    assertThat(updated.getSeqFrom()).isEqualTo(updated.getSeqTo());

    apply(replica, look("npc:pip", "wick-rows", "Pip, gone home."));
    WorldFrame left = reader.next();
    client.take(left);
    assertThat(left.getEntities(0).getKind()).isEqualTo(DeltaKind.DELTA_KIND_LEAVE);

    apply(replica, delete("stone:weighing"), ferry(false));
    WorldFrame removed = reader.next();
    client.take(removed);
    assertThat(removed.getEntities(0).getKind()).isEqualTo(DeltaKind.DELTA_KIND_REMOVE);
    assertThat(removed.getFlags(0).getSaid()).startsWith("There is no boat.");
    assertThat(client.entities()).containsOnlyKeys("npc:yrsa-grist");

    reader.leave();
    await().atMost(BOUND).until(() -> replica.watchers() == 0);
  }

  @Test
  void watchRegion_byAPlayer_tellsNothingForServers() throws Exception {
    Replica replica = replica(Map.of());
    WatchingClient client = new WatchingClient();
    FrameReader reader = watch(replica, request("tallow-rows").build());
    reader.follow(client, 1);
    assertThat(client.entities())
        .hasEntrySatisfying(
            "item:quells-coat",
            coat -> assertThat(coat.getComponentsMap()).containsOnlyKeys("look"));

    apply(replica, part("item:quells-coat", "server.pockets", text("Empty.")));
    long seq = apply(replica, look("item:quells-coat", "tallow-rows", "A lighter coat."));
    WorldFrame frame = reader.next();
    assertThat(frame.getSeqTo()).isEqualTo(seq);
    assertThat(frame.getEntities(0).getEntity().getComponentsMap()).containsOnlyKeys("look");
  }

  @Test
  void watchRegion_onTwoReplicas_followsWhatEitherChanges() throws Exception {
    Replica one = replica(Map.of());
    Replica other = replica(Map.of());
    List<FrameReader> readers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      readers.add(watch(i % 2 == 0 ? one : other, request().build()));
    }
    Random random = new Random(7);
    long seq = 0;
    for (int i = 0; i < 60; i++) {
      String region = random.nextBoolean() ? "howe" : "hush";
      seq = apply(random.nextBoolean() ? one : other, look("npc:sorrel", region, "Step " + i));
    }
    Map<String, Entity> now = everything(one);
    for (FrameReader reader : readers) {
      WatchingClient client = new WatchingClient();
      reader.follow(client, seq);
      assertThat(client.entities()).isEqualTo(now);
    }
  }

  @Test
  void watchRegion_resumed_getsOnlyWhatChanged() throws Exception {
    Replica replica = replica(Map.of());
    WatchingClient client = new WatchingClient();
    FrameReader first = watch(replica, request().build());
    first.follow(client, 1);
    first.leave();
    apply(replica, look("npc:pip", "wick-rows", "Pip, resumed."));
    long seq = apply(replica, delete("item:kite"));

    FrameReader second = watch(replica, request().setResumeToken(client.token()).build());
    WorldFrame frame = second.next();
    client.take(frame);
    assertThat(frame.getResync()).isFalse();
    assertThat(frame.getEntitiesList())
        .extracting(delta -> delta.getEntity().getEntityId())
        .containsExactly("npc:pip", "item:kite");
    assertThat(frame.getSeqTo()).isEqualTo(seq);
    assertThat(client.entities()).isEqualTo(everything(replica));
  }

  @Test
  void watchRegion_resumedTooLate_beginsAnew() throws Exception {
    Replica replica = replica(Map.of("vesper.world.watch.resume-changes", "3"));
    WatchingClient client = new WatchingClient();
    FrameReader first = watch(replica, request().build());
    first.follow(client, 1);
    String early = client.token();
    for (int i = 0; i < 4; i++) {
      apply(replica, look("npc:pip", "wick-rows", "Pip " + i));
    }
    assertThat(watch(replica, request().setResumeToken(early).build()).next().getResync()).isTrue();

    FrameReader second = watch(replica, request().build());
    client.forget();
    second.follow(client, 1);
    time.advance(Duration.ofSeconds(301));
    FrameReader late = watch(replica, request().setResumeToken(client.token()).build());
    WorldFrame resync = late.next();
    assertThat(resync.getResync()).isTrue();
    client.take(resync);
    late.follow(client, 1);
    assertThat(client.entities()).isEqualTo(everything(replica));
  }

  @Test
  void watchRegion_tokenOfAnotherWatch_isRefused() throws Exception {
    Replica replica = replica(Map.of());
    WatchingClient client = new WatchingClient();
    watch(replica, request().build()).follow(client, 1);
    String token = client.token();
    for (WatchRegionRequest wrong :
        List.of(
            request("howe").setResumeToken(token).build(),
            request().addComponents("look").setResumeToken(token).build(),
            request().setResumeToken("x" + token.substring(1)).build(),
            request().setResumeToken("not one").build(),
            request("hovve").build())) {
      assertThat(watch(replica, wrong).end().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
  }

  @Test
  void watchRegion_slowReader_delaysNobodyAndIsTakenUpAgain() throws Exception {
    Replica replica = replica(Map.of("vesper.world.watch.pending", "8"));
    FrameReader slow = FrameReader.slow();
    replica.watchingPlayer().watchRegion(request().build(), slow);
    FrameReader quick = watch(replica, request("howe", "hush").build());
    WatchingClient quickClient = new WatchingClient();
    List<String> people =
        everything(replica).keySet().stream().filter(id -> id.startsWith("npc:")).toList();
    long seq = 0;
    for (int round = 0; round < 40; round++) {
      List<Change> changes = new ArrayList<>();
      for (String npc : people.subList(0, round % 10 == 9 ? people.size() : 6)) {
        changes.add(look(npc, "howe", "x".repeat(7_000) + round));
      }
      seq = apply(replica, changes.toArray(Change[]::new));
      quick.follow(quickClient, seq);
    }

    WatchingClient slowClient = new WatchingClient();
    slow.request(100_000);
    slow.follow(slowClient, seq);
    assertThat(slowClient.entities()).isEqualTo(everything(replica));
    assertThat(slowClient.resyncs()).isPositive();
  }

  @Test
  void watchRegion_withinTheProcess_endsWhenTheReaderLeaves() throws Exception {
    Replica replica = Replica.start(nats.url(), database, time, Map.of(), Routing.LOCAL);
    replicas.add(replica);
    WatchingClient client = new WatchingClient();
    FrameReader reader = watch(replica, request().build());
    reader.follow(client, 1);
    reader.follow(client, apply(replica, look("npc:pip", "hush", "Pip, near.")));
    assertThat(client.entities()).isEqualTo(everything(replica));
    reader.leave();
    await().atMost(BOUND).until(() -> replica.watchers() == 0);
  }

  @Test
  void watchRegion_silence_isBrokenByAnEmptyFrame() throws Exception {
    Replica replica = replica(Map.of("vesper.world.watch.still-alive", "100ms"));
    WatchingClient client = new WatchingClient();
    FrameReader reader = watch(replica, request("howe").build());
    reader.follow(client, 1);
    long elsewhere = apply(replica, look("npc:pip", "hush", "Pip, elsewhere."));
    WorldFrame beat = reader.next();
    while (beat.getSeqTo() < elsewhere) {
      beat = reader.next();
    }
    assertThat(beat.getEntitiesCount() + beat.getFlagsCount()).isZero();
    assertThat(beat.getMore()).isFalse();
    assertThat(beat.getResumeToken()).isNotEmpty();
  }

  @Test
  void watchRegion_oneTooMany_isExhausted() throws Exception {
    Replica replica = replica(Map.of("vesper.world.watch.most", "1"));
    FrameReader first = watch(replica, request().build());
    assertThat(first.next().getEntitiesCount()).isPositive();
    assertThat(watch(replica, request().build()).end().getCode())
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    first.leave();
    await().atMost(BOUND).until(() -> replica.watchers() == 0);
    assertThat(watch(replica, request().build()).next().getEntitiesCount()).isPositive();
  }

  @Test
  void replicaThatStops_sendsItsReadersAway() throws Exception {
    Replica replica = replica(Map.of());
    FrameReader reader = watch(replica, request().build());
    assertThat(reader.next().getEntitiesCount()).isPositive();
    replica.close();
    assertThat(reader.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
  }

  private static FrameReader watch(Replica replica, WatchRegionRequest request) {
    FrameReader reader = FrameReader.eager();
    replica.watchingPlayer().watchRegion(request, reader);
    return reader;
  }

  private static WatchRegionRequest.Builder request(String... regions) {
    return WatchRegionRequest.newBuilder()
        .setWorldId(Replica.WORLD)
        .addAllRegionIds(List.of(regions))
        .setFrameMillis(50);
  }

  private static long apply(Replica replica, Change... changes) {
    ApplyChangesResponse done =
        replica
            .game()
            .applyChanges(
                ApplyChangesRequest.newBuilder()
                    .setWorldId(Replica.WORLD)
                    .addAllChanges(List.of(changes))
                    .build());
    return done.getSeq();
  }

  private static Change look(String id, String region, String look) {
    return Change.newBuilder()
        .setUpdate(
            EntityUpdate.newBuilder()
                .setEntityId(id)
                .setEntity(
                    Entity.newBuilder().setRegionId(region).putComponents("look", text(look))))
        .build();
  }

  private static Change part(String id, String component, Struct value) {
    return Change.newBuilder()
        .setUpdate(
            EntityUpdate.newBuilder()
                .setEntityId(id)
                .setEntity(Entity.newBuilder().putComponents(component, value)))
        .build();
  }

  private static Change delete(String id) {
    return Change.newBuilder().setDelete(EntityDelete.newBuilder().setEntityId(id)).build();
  }

  private static Change ferry(boolean runs) {
    return Change.newBuilder()
        .setFlag(
            FlagChange.newBuilder()
                .setFlagId("ferry.runs")
                .setValue(FlagValue.newBuilder().setTruth(runs)))
        .build();
  }

  /// Returns what a player sees of the whole world.
  private static Map<String, Entity> everything(Replica replica) {
    Map<String, Entity> entities = new TreeMap<>();
    replica
        .player()
        .queryEntities(
            QueryEntitiesRequest.newBuilder().setWorldId(Replica.WORLD).setPageSize(500).build())
        .getEntitiesList()
        .forEach(entity -> entities.put(entity.getEntityId(), entity));
    return entities;
  }
}
