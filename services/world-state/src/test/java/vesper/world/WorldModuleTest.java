package vesper.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static vesper.world.Things.text;

import com.google.protobuf.FieldMask;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.testing.NatsExtension;
import vesper.testing.PostgresExtension;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;
import vesper.world.v1.ApplyChangesRequest;
import vesper.world.v1.ApplyChangesResponse;
import vesper.world.v1.Change;
import vesper.world.v1.Circle;
import vesper.world.v1.CreateEntityRequest;
import vesper.world.v1.DeleteEntityRequest;
import vesper.world.v1.Entity;
import vesper.world.v1.EntityDelete;
import vesper.world.v1.EntityUpdate;
import vesper.world.v1.Flag;
import vesper.world.v1.FlagChange;
import vesper.world.v1.FlagValue;
import vesper.world.v1.GetEntityRequest;
import vesper.world.v1.GetWorldRequest;
import vesper.world.v1.ListFlagsRequest;
import vesper.world.v1.ListRegionsRequest;
import vesper.world.v1.ListWorldsRequest;
import vesper.world.v1.Position;
import vesper.world.v1.QueryEntitiesRequest;
import vesper.world.v1.QueryEntitiesResponse;
import vesper.world.v1.SetFlagRequest;
import vesper.world.v1.UpdateEntityRequest;
import vesper.world.v1.World;

@ExtendWith({NatsExtension.class, PostgresExtension.class})
class WorldModuleTest {
  private static final String WORLD = Replica.WORLD;

  private static @Nullable Replica shared;

  private static Replica replica() {
    return Objects.requireNonNull(shared);
  }

  @BeforeAll
  static void start(TestNats nats, TestDatabase database) {
    shared = Replica.start(nats.url(), database, TestClock.create(), Map.of());
  }

  @AfterAll
  static void stop() {
    replica().close();
  }

  @Test
  void getWorld_newWorld_holdsWhatThePackHas() {
    World world =
        replica().player().getWorld(GetWorldRequest.newBuilder().setWorldId(WORLD).build());
    assertThat(world.getName()).isEqualTo("The Body Broker");
    assertThat(world.getPackVersion()).isEqualTo(Replica.pack().version());
    assertThat(world.getHeadSeq()).isGreaterThanOrEqualTo(world.getEntities());
    assertThat(get("npc:mara-vey").getComponentsOrThrow("look"))
        .isEqualTo(text("Mara Vey, keeper of the Wet Ledger."));
    assertThat(get("npc:mara-vey").getRegionId()).isEqualTo("tallow-rows");
    assertThat(get("item:kite").getType()).isEqualTo("item");
    assertThat(
            replica()
                .player()
                .listRegions(ListRegionsRequest.newBuilder().setWorldId(WORLD).build())
                .getRegionsList())
        .extracting(region -> region.getRegionId())
        .containsExactlyElementsOf(Replica.pack().regions().keySet());
  }

  @Test
  void worlds_outOfReach_areNotThere() {
    assertThat(worlds("body-broker")).isEqualTo(1);
    assertThat(worlds("elsewhere")).isZero();
    refused(
        () ->
            replica()
                .player()
                .getWorld(GetWorldRequest.newBuilder().setWorldId("body-brokr").build()),
        Status.Code.NOT_FOUND,
        "worldId",
        "did you mean 'body-broker'?");
  }

  private static int worlds(String reach) {
    return replica()
        .playerOf(reach)
        .listWorlds(ListWorldsRequest.getDefaultInstance())
        .getWorldsCount();
  }

  @Test
  void entity_fromCreationToRemoval_countsItsVersions() {
    Entity created = create(entity("crate:one", "slipway", "A crate.").build());
    assertThat(created.getEtag()).isEqualTo("1");
    assertThat(get("crate:one")).isEqualTo(created);

    Entity moved =
        update("crate:one", Entity.newBuilder().setRegionId("mains").build(), "1", "region_id");
    assertThat(moved.getVersion()).isEqualTo(2);
    assertThat(moved.getComponentsMap()).isEqualTo(created.getComponentsMap());
    refused(
        () -> update("crate:one", moved, "1", "region_id"),
        Status.Code.ABORTED,
        "",
        "current is 2");
    refused(
        () -> create(entity("crate:one", "mains", "A crate.").build()),
        Status.Code.ALREADY_EXISTS,
        "entity.entityId",
        "crate:one");

    long seq = delete("crate:one", "2");
    assertThat(seq).isPositive();
    refused(() -> get("crate:one"), Status.Code.NOT_FOUND, "entityId", "crate:one");
    assertThat(create(entity("crate:one", "", "Another.").build()).getVersion()).isEqualTo(3);
    assertThat(delete("crate:one", "")).isGreaterThan(seq);
  }

  @Test
  void updateEntity_withoutMask_takesWhatIsGiven() {
    create(entity("crate:two", "slipway", "A crate.").addTags("old").build());
    Entity updated =
        update(
            "crate:two",
            Entity.newBuilder()
                .addTags("new")
                .setPosition(Position.newBuilder().setX(5))
                .putComponents("price", text("Two pence."))
                .build(),
            "");
    assertThat(updated.getTagsList()).containsExactly("new");
    assertThat(updated.getPosition().getX()).isEqualTo(5);
    assertThat(updated.getRegionId()).isEqualTo("slipway");
    assertThat(updated.getComponentsMap()).containsOnlyKeys("look", "price");

    Entity same = update("crate:two", updated, "2", "tags", "position", "components.price");
    assertThat(same).isEqualTo(updated);

    Entity bare =
        update("crate:two", Entity.getDefaultInstance(), "", "tags", "position", "components");
    assertThat(bare.getTagsList()).isEmpty();
    assertThat(bare.hasPosition()).isFalse();
    assertThat(bare.getComponentsMap()).isEmpty();
  }

  @Test
  void updateEntity_wrongMask_isRefusedWithASuggestion() {
    refused(
        () -> update("npc:pip", Entity.getDefaultInstance(), "", "postion"),
        Status.Code.INVALID_ARGUMENT,
        "updateMask",
        "did you mean 'position'?");
    refused(
        () -> update("npc:pip", Entity.getDefaultInstance(), "", "version"),
        Status.Code.INVALID_ARGUMENT,
        "updateMask",
        "cannot be changed");
    refused(
        () -> update("npc:pip", Entity.getDefaultInstance(), "", "components.Look"),
        Status.Code.INVALID_ARGUMENT,
        "updateMask",
        "no field");
    refused(
        () -> update("npc:pip", Entity.getDefaultInstance(), "", "type"),
        Status.Code.INVALID_ARGUMENT,
        "entity.type",
        "must be set");
    refused(
        () -> update("npc:pip", Entity.newBuilder().setEntityId("npc:sorrel").build(), ""),
        Status.Code.INVALID_ARGUMENT,
        "entity.entityId",
        "not the id");
    refused(
        () ->
            update(
                "npc:pip",
                Entity.getDefaultInstance(),
                "",
                IntStream.range(0, 65).mapToObj(i -> "components.c" + i).toArray(String[]::new)),
        Status.Code.INVALID_ARGUMENT,
        "updateMask",
        "at most 64");
    refused(
        () -> update("npc:nobody", Entity.getDefaultInstance(), "", "tags"),
        Status.Code.NOT_FOUND,
        "entityId",
        "npc:nobody");
  }

  @Test
  void createEntity_whatCannotBeKept_isRefusedByItsField() {
    refusedEntity(entity("x", "slipwy", ""), "entity.regionId", "did you mean 'slipway'?");
    refusedEntity(entity("", "slipway", ""), "entity.entityId", "must be set");
    refusedEntity(entity("x", "", "").clearType(), "entity.type", "must be set");
    refusedEntity(entity("x", "", "").setVersion(1), "entity.version", "set by the server");
    refusedEntity(entity("x", "", "").setEtag("1"), "entity.etag", "set by the server");
    refusedEntity(entity("x", "", "a\0b"), "entity.components[\"look\"]", "U+0000");
    refusedEntity(
        entity("x", "", "x".repeat(9_000)), "entity.components[\"look\"]", "at most 8192 bytes");
    refusedEntity(
        entity("x", "", "").putComponents("bad", value(Value.getDefaultInstance())),
        "entity.components[\"bad\"]",
        "no kind");
    refusedEntity(
        entity("x", "", "")
            .putComponents("bad", value(Value.newBuilder().setNumberValue(Double.NaN).build())),
        "entity.components[\"bad\"]",
        "not finite");
    Value deep = Value.newBuilder().setBoolValue(true).build();
    for (int i = 0; i < 16; i++) {
      deep = Value.newBuilder().setListValue(ListValue.newBuilder().addValues(deep)).build();
    }
    refusedEntity(
        entity("x", "", "").putComponents("bad", value(deep)),
        "entity.components[\"bad\"]",
        "16 levels");
    refusedEntity(
        entity("x", "", "").setPosition(Position.newBuilder().setYaw(360)),
        "entity.position.yaw",
        "");
  }

  @Test
  void components_forServers_areHiddenFromPlayers() {
    assertThat(get("item:quells-coat").getComponentsMap()).containsOnlyKeys("look");
    assertThat(replica().game().getEntity(id("item:quells-coat")).getComponentsMap())
        .containsOnlyKeys("look", "server.pockets");
    assertThat(
            replica()
                .player()
                .queryEntities(query().addEntityIds("item:quells-coat").build())
                .getEntities(0)
                .getComponentsMap())
        .containsOnlyKeys("look");
    refused(
        () ->
            replica()
                .player()
                .deleteEntity(
                    DeleteEntityRequest.newBuilder()
                        .setWorldId(WORLD)
                        .setEntityId("npc:pip")
                        .build()),
        Status.Code.PERMISSION_DENIED,
        "",
        "");
  }

  @Test
  void queryEntities_byEachFilter_pagesById() {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      changes.add(
          Change.newBuilder()
              .setCreate(
                  entity("mark:%02d".formatted(i), "howe", "A mark.")
                      .setType("mark")
                      .addTags(i % 2 == 0 ? "even" : "odd")
                      .setPosition(Position.newBuilder().setX(i * 1_000).setY(-500)))
              .build());
    }
    apply(changes);

    assertThat(ids(query().setType("mark"), 5)).hasSize(12).isSorted();
    assertThat(ids(query().setTag("even"), 4))
        .containsExactly("mark:00", "mark:02", "mark:04", "mark:06", "mark:08", "mark:10");
    assertThat(ids(query().setRegionId("howe").setType("npc"), 0))
        .containsExactly("npc:yrsa-grist");
    assertThat(
            ids(
                query()
                    .setRegionId("howe")
                    .setCircle(Circle.newBuilder().setX(3_000).setY(-500).setRadius(1_000)),
                2))
        .containsExactly("mark:02", "mark:03", "mark:04");
    assertThat(
            ids(
                query()
                    .setRegionId("howe")
                    .setCircle(
                        Circle.newBuilder().setX(Integer.MAX_VALUE).setY(0).setRadius(100_000)),
                2))
        .isEmpty();
    refused(
        () ->
            replica()
                .player()
                .queryEntities(query().setCircle(Circle.newBuilder().setRadius(1)).build()),
        Status.Code.INVALID_ARGUMENT,
        "regionId",
        "with a circle");
    String token =
        replica()
            .player()
            .queryEntities(query().setType("mark").setPageSize(1).build())
            .getNextPageToken();
    refused(
        () -> replica().player().queryEntities(query().setType("npc").setPageToken(token).build()),
        Status.Code.INVALID_ARGUMENT,
        "pageToken",
        "not returned");
  }

  @Test
  void queryEntities_largeOnes_comeInPagesThatFit() {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Entity.Builder heavy = entity("heavy:%02d".formatted(i), "hush", "Heavy.").setType("heavy");
      for (int c = 0; c < 7; c++) {
        heavy.putComponents("c" + c, text("x".repeat(8_000)));
      }
      changes.add(Change.newBuilder().setCreate(heavy).build());
    }
    for (Change change : changes) {
      apply(List.of(change));
    }
    QueryEntitiesResponse first =
        replica().player().queryEntities(query().setType("heavy").build());
    assertThat(first.getSerializedSize()).isLessThan(600_000);
    assertThat(first.getEntitiesCount()).isBetween(5, 11);
    assertThat(ids(query().setType("heavy"), 500)).hasSize(12);
  }

  @Test
  void flags_fromThePack_areSetAndSetBack() {
    Flag first = flag("ferry.runs");
    assertThat(first.getValue().getTruth()).isTrue();
    assertThat(first.getVersion()).isZero();
    assertThat(first.getSaid()).contains("boat");

    Flag set = setFlag("ferry.runs", truth(false), "0");
    assertThat(set.getVersion()).isEqualTo(1);
    assertThat(set.getSaid()).startsWith("There is no boat.");
    assertThat(setFlag("ferry.runs", truth(false), "")).isEqualTo(set);
    assertThat(flag("ferry.runs")).isEqualTo(set);
    refused(() -> setFlag("ferry.runs", truth(true), "0"), Status.Code.ABORTED, "", "current is 1");
    refused(
        () -> setFlag("ferry.runs", FlagValue.newBuilder().setNumber(1).build(), ""),
        Status.Code.INVALID_ARGUMENT,
        "value",
        "true or false");
    refused(
        () -> setFlag("ferry.runs", FlagValue.getDefaultInstance(), ""),
        Status.Code.INVALID_ARGUMENT,
        "value",
        "");

    Flag back = setFlag("ferry.runs", null, "1");
    assertThat(back.getValue().getTruth()).isTrue();
    assertThat(back.getVersion()).isEqualTo(2);
  }

  @Test
  void flags_ofTheGame_comeAndGo() {
    refused(() -> setFlag("game.weather", null, ""), Status.Code.NOT_FOUND, "flagId", "no flag");
    FlagValue rain = FlagValue.newBuilder().setWord("rain").build();
    assertThat(setFlag("game.weather", rain, "").getValue()).isEqualTo(rain);
    assertThat(flagIds(3)).isSorted().contains("game.weather", "ferry.runs");
    assertThat(setFlag("game.weather", null, "").hasValue()).isFalse();
    assertThat(setFlag("game.weather", null, "").hasValue()).isFalse();
    assertThat(flagIds(500)).doesNotContain("game.weather");
    assertThat(flagIds(500)).hasSameSizeAs(flagIds(1));
  }

  @Test
  void applyChanges_oneStale_listsAllStaleAndMakesNone() {
    create(entity("lot:1", "", "One.").build());
    create(entity("lot:2", "", "Two.").build());
    List<Change> changes =
        List.of(
            Change.newBuilder().setCreate(entity("lot:3", "", "Three.")).build(),
            change("lot:1", "hush", "9"),
            Change.newBuilder()
                .setDelete(EntityDelete.newBuilder().setEntityId("lot:2").setEtag("7"))
                .build());
    assertThatThrownBy(() -> apply(changes))
        .satisfies(refusal -> {
          assertThat(Status.fromThrowable(refusal).getCode()).isEqualTo(Status.Code.ABORTED);
          assertThat(violations(refusal))
              .extracting(violation -> violation.getField() + " " + violation.getDescription())
              .containsExactly("changes[1] lot:1: current is 1", "changes[2] lot:2: current is 1");
        });
    refused(() -> get("lot:3"), Status.Code.NOT_FOUND, "entityId", "lot:3");

    ApplyChangesResponse done =
        apply(
            List.of(
                Change.newBuilder().setCreate(entity("lot:3", "", "Three.")).build(),
                change("lot:1", "hush", "1"),
                Change.newBuilder()
                    .setDelete(EntityDelete.newBuilder().setEntityId("lot:2"))
                    .build(),
                Change.newBuilder()
                    .setFlag(FlagChange.newBuilder().setFlagId("court.sits").setValue(truth(true)))
                    .build()));
    assertThat(done.getVersionsList()).containsExactly(1L, 2L, 1L, 1L);
  }

  @Test
  void applyChanges_wrongChange_namesIt() {
    refused(
        () -> apply(List.of(change("npc:pip", "howe", ""), change("npc:pip", "hush", ""))),
        Status.Code.INVALID_ARGUMENT,
        "changes[1]",
        "second change");
    refused(
        () -> apply(List.of(change("npc:pip", "nowhere-at-all", ""))),
        Status.Code.INVALID_ARGUMENT,
        "changes[0].update.entity.regionId",
        "no region");
    refused(
        () -> apply(List.of(change("npc:nobody", "howe", ""))),
        Status.Code.NOT_FOUND,
        "changes[0].update.entityId",
        "npc:nobody");
    refused(
        () -> apply(List.of(Change.newBuilder().setCreate(entity("npc:pip", "", "Pip.")).build())),
        Status.Code.ALREADY_EXISTS,
        "changes[0].create.entityId",
        "npc:pip");
  }

  @Test
  void applyChanges_sameKeyTwice_isMadeOnce() {
    String key = "a-key-of-this-very-test";
    ApplyChangesRequest request =
        ApplyChangesRequest.newBuilder()
            .setWorldId(WORLD)
            .addChanges(Change.newBuilder().setCreate(entity("once:1", "", "Once.")))
            .build();
    ApplyChangesResponse first = replica().game(key).applyChanges(request);
    assertThat(replica().game(key).applyChanges(request)).isEqualTo(first);
    ApplyChangesRequest other =
        request.toBuilder().addChanges(change("npc:pip", "howe", "")).build();
    refused(() -> replica().game(key).applyChanges(other), Status.Code.INVALID_ARGUMENT, "", "key");
    assertThat(get("once:1").getVersion()).isEqualTo(1);
  }

  private static ApplyChangesResponse apply(List<Change> changes) {
    return replica()
        .game()
        .applyChanges(
            ApplyChangesRequest.newBuilder().setWorldId(WORLD).addAllChanges(changes).build());
  }

  private static Change change(String id, String region, String etag) {
    return Change.newBuilder()
        .setUpdate(
            EntityUpdate.newBuilder()
                .setEntityId(id)
                .setEtag(etag)
                .setEntity(Entity.newBuilder().setRegionId(region)))
        .build();
  }

  private static Entity.Builder entity(String id, String region, String look) {
    return Entity.newBuilder()
        .setEntityId(id)
        .setType("crate")
        .setRegionId(region)
        .putComponents("look", text(look));
  }

  private static Struct value(Value value) {
    return Struct.newBuilder().putFields("v", value).build();
  }

  private static Entity create(Entity entity) {
    return replica()
        .game()
        .createEntity(CreateEntityRequest.newBuilder().setWorldId(WORLD).setEntity(entity).build());
  }

  private static Entity update(String id, Entity entity, String etag, String... paths) {
    return replica()
        .game()
        .updateEntity(
            UpdateEntityRequest.newBuilder()
                .setWorldId(WORLD)
                .setEntityId(id)
                .setEntity(
                    entity.getVersion() > 0 ? entity.toBuilder().clearEtag().build() : entity)
                .setUpdateMask(FieldMask.newBuilder().addAllPaths(List.of(paths)))
                .setEtag(etag)
                .build());
  }

  private static long delete(String id, String etag) {
    return replica()
        .game()
        .deleteEntity(
            DeleteEntityRequest.newBuilder()
                .setWorldId(WORLD)
                .setEntityId(id)
                .setEtag(etag)
                .build())
        .getSeq();
  }

  private static Entity get(String id) {
    return replica().player().getEntity(id(id));
  }

  private static GetEntityRequest id(String id) {
    return GetEntityRequest.newBuilder().setWorldId(WORLD).setEntityId(id).build();
  }

  private static QueryEntitiesRequest.Builder query() {
    return QueryEntitiesRequest.newBuilder().setWorldId(WORLD);
  }

  private static List<String> ids(QueryEntitiesRequest.Builder query, int pageSize) {
    List<String> ids = new ArrayList<>();
    String token = "";
    do {
      QueryEntitiesResponse page =
          replica().player().queryEntities(query.setPageSize(pageSize).setPageToken(token).build());
      page.getEntitiesList().forEach(entity -> ids.add(entity.getEntityId()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    return ids;
  }

  private static List<String> flagIds(int pageSize) {
    List<String> ids = new ArrayList<>();
    String token = "";
    do {
      var page =
          replica()
              .player()
              .listFlags(
                  ListFlagsRequest.newBuilder()
                      .setWorldId(WORLD)
                      .setPageSize(pageSize)
                      .setPageToken(token)
                      .build());
      page.getFlagsList().forEach(flag -> ids.add(flag.getFlagId()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    return ids;
  }

  private static Flag flag(String id) {
    return replica()
        .player()
        .listFlags(ListFlagsRequest.newBuilder().setWorldId(WORLD).setPageSize(500).build())
        .getFlagsList()
        .stream()
        .filter(flag -> flag.getFlagId().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static Flag setFlag(String id, @Nullable FlagValue value, String etag) {
    SetFlagRequest.Builder request =
        SetFlagRequest.newBuilder().setWorldId(WORLD).setFlagId(id).setEtag(etag);
    if (value != null) {
      request.setValue(value);
    }
    return replica().game().setFlag(request.build());
  }

  private static FlagValue truth(boolean truth) {
    return FlagValue.newBuilder().setTruth(truth).build();
  }

  private static void refusedEntity(Entity.Builder entity, String field, String words) {
    refused(() -> create(entity.build()), Status.Code.INVALID_ARGUMENT, field, words);
  }

  /// @param field empty when it does not matter
  private static void refused(ThrowingCallable call, Status.Code code, String field, String words) {
    assertThatThrownBy(call)
        .hasMessageContaining(words)
        .satisfies(refusal -> {
          assertThat(Status.fromThrowable(refusal).getCode()).isEqualTo(code);
          if (!field.isEmpty()) {
            assertThat(violations(refusal)).extracting(FieldViolation::getField).contains(field);
          }
        });
  }

  private static List<FieldViolation> violations(Throwable refusal) throws Exception {
    for (var detail : Objects.requireNonNull(StatusProto.fromThrowable(refusal)).getDetailsList()) {
      if (detail.is(BadRequest.class)) {
        return detail.unpack(BadRequest.class).getFieldViolationsList();
      }
    }
    return List.of();
  }
}
