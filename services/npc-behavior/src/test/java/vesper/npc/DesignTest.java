package vesper.npc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.npc.v1.AddMemoryRequest;
import vesper.npc.v1.AdjustRelationRequest;
import vesper.npc.v1.GetNpcRequest;
import vesper.npc.v1.GetRelationRequest;
import vesper.npc.v1.ListMemoriesRequest;
import vesper.npc.v1.ListNpcsRequest;
import vesper.npc.v1.ListRelationsRequest;
import vesper.npc.v1.Memory;
import vesper.npc.v1.MemoryKind;
import vesper.npc.v1.Npc;
import vesper.npc.v1.RecallMemoriesRequest;
import vesper.npc.v1.RecalledMemory;
import vesper.npc.v1.Relation;
import vesper.npc.v1.RelationChanged;
import vesper.testing.NatsExtension;
import vesper.testing.PostgresExtension;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;

/// The rpcs for those who design worlds, over the real transport.
@ExtendWith({NatsExtension.class, PostgresExtension.class})
class DesignTest {

  private static final String NELL = "nell-dace";
  private static final int MOST_MEMORIES = 12;
  private static final TestClock CLOCK = TestClock.create();
  private static final Clockwork TIME = new Clockwork();
  private static @Nullable People shared;

  private String player = "";

  @BeforeAll
  static void start(TestNats nats, TestDatabase database) {
    shared =
        People.start(
            nats.url(),
            database,
            CLOCK,
            Map.of("vesper.npc.memories", Integer.toString(MOST_MEMORIES)),
            TIME);
  }

  @AfterAll
  static void stop() {
    people().close();
  }

  @BeforeEach
  void newPlayer() {
    player = "p-" + UUID.randomUUID();
    CLOCK.advance(Duration.ofSeconds(2));
  }

  private static People people() {
    return Objects.requireNonNull(shared);
  }

  private static vesper.pack.v1.Npc nell() {
    return Objects.requireNonNull(People.PACK.npcs().get(NELL));
  }

  private Memory add(String text, int importance) {
    return people().designer().addMemory(memory(text, importance));
  }

  private AddMemoryRequest memory(String text, int importance) {
    return AddMemoryRequest.newBuilder()
        .setWorldId(People.WORLD)
        .setNpcId(NELL)
        .setPlayerId(player)
        .setKind(MemoryKind.MEMORY_KIND_OBSERVATION)
        .setText(text)
        .setImportance(importance)
        .build();
  }

  private ListMemoriesRequest.Builder memories() {
    return ListMemoriesRequest.newBuilder()
        .setWorldId(People.WORLD)
        .setNpcId(NELL)
        .setPlayerId(player);
  }

  @Test
  void getNpc_isThePublicPart() {
    var npc =
        people()
            .player(player)
            .getNpc(
                GetNpcRequest.newBuilder().setWorldId(People.WORLD).setNpcId("mara-vey").build());

    assertThat(npc)
        .isEqualTo(
            Npc.newBuilder()
                .setWorldId(People.WORLD)
                .setNpcId("mara-vey")
                .setName("Mara Vey")
                .setTitle("keeper of the Wet Ledger")
                .setFaction("tenants_league")
                .setRegion("tallow-rows")
                .setPlace("the Wet Ledger")
                .build());
  }

  @Test
  void listNpcs_pageByPage_isAllOfThem() {
    List<String> ids = new ArrayList<>();
    var request = ListNpcsRequest.newBuilder().setWorldId(People.WORLD).setPageSize(5);
    var page = people().player(player).listNpcs(request.build());
    while (true) {
      page.getNpcsList().forEach(npc -> ids.add(npc.getNpcId()));
      if (page.getNextPageToken().isEmpty()) {
        break;
      }
      page =
          people().player(player).listNpcs(request.setPageToken(page.getNextPageToken()).build());
    }

    assertThat(ids).isSorted().containsExactlyElementsOf(People.PACK.npcs().keySet());
    var all = ListNpcsRequest.newBuilder().setWorldId(People.WORLD).build();
    assertThat(people().player(player).listNpcs(all).getNpcsCount()).isEqualTo(ids.size());
  }

  @Test
  void pageToken_ofAnotherList_isRefused() {
    var token =
        people()
            .player(player)
            .listNpcs(ListNpcsRequest.newBuilder().setWorldId(People.WORLD).setPageSize(1).build())
            .getNextPageToken();

    for (var foreign : List.of(token, "rubbish", "!!!")) {
      var refusal =
          Refusals.of(
              Status.Code.INVALID_ARGUMENT,
              () -> people().designer().listMemories(memories().setPageToken(foreign).build()));
      assertThat(refusal.field()).isEqualTo("pageToken");
    }
  }

  @Test
  void listMemories_newestFirst_pageByPage() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      TIME.set(80_000 + i / 2);
      CLOCK.advance(Duration.ofSeconds(2));
      ids.add(add("Memory " + i, 5).getMemoryId());
    }
    List<Memory> listed = new ArrayList<>();
    var request = memories().setPageSize(2);
    var page = people().designer().listMemories(request.build());
    while (true) {
      listed.addAll(page.getMemoriesList());
      if (page.getNextPageToken().isEmpty()) {
        break;
      }
      page =
          people().designer().listMemories(request.setPageToken(page.getNextPageToken()).build());
    }

    assertThat(listed).extracting(Memory::getMemoryId).containsExactlyElementsOf(ids.reversed());
    assertThat(listed).allSatisfy(each -> assertThat(each.getPlayerId()).isEqualTo(player));
  }

  @Test
  void addMemory_sameKey_isAddedOnce() {
    var keyed =
        people().designer().withInterceptors(People.with("idempotency-key", "memory-of-" + player));

    var first = keyed.addMemory(memory("A red door.", 5));
    var again = keyed.addMemory(memory("A red door.", 5));

    assertThat(again).isEqualTo(first);
    assertThat(people().designer().listMemories(memories().build()).getMemoriesCount()).isOne();
    var reused =
        Refusals.of(Status.Code.INVALID_ARGUMENT, () -> keyed.addMemory(memory("A blue door.", 5)));
    assertThat(reused.reason()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
  }

  @Test
  void addMemory_aboveTheBound_mergesTheLeast() {
    for (int i = 0; i <= MOST_MEMORIES; i++) {
      add("Small thing " + i, 2);
    }

    var kept = people().designer().listMemories(memories().build()).getMemoriesList();

    assertThat(kept).hasSize(MOST_MEMORIES);
    assertThat(kept)
        .filteredOn(each -> each.getKind() == MemoryKind.MEMORY_KIND_REFLECTION)
        .hasSize(1)
        .allSatisfy(
            each -> assertThat(each.getText()).startsWith("2 older memories, among them: "));
  }

  @Test
  void recallMemories_bestFirst_withTheWorldAtLarge_andUsesNothing() {
    add("The player asked for a red door.", 5);
    add("The player hummed.", 5);
    people()
        .designer()
        .addMemory(memory("A red door was painted over.", 5).toBuilder().clearPlayerId().build());
    var before = people().designer().listMemories(memories().build());

    var recalled =
        people()
            .designer()
            .recallMemories(
                RecallMemoriesRequest.newBuilder()
                    .setWorldId(People.WORLD)
                    .setNpcId(NELL)
                    .setPlayerId(player)
                    .setQuery("What about the red doors?")
                    .setLimit(2)
                    .build())
            .getMemoriesList();

    assertThat(recalled)
        .extracting(each -> each.getMemory().getText())
        .containsExactlyInAnyOrder(
            "The player asked for a red door.", "A red door was painted over.");
    assertThat(recalled)
        .allSatisfy(each ->
            assertThat(each.getScore())
                .isCloseTo(
                    each.getRecency() + each.getImportance() + each.getRelevance(), within(1e-9)));
    assertThat(recalled).extracting(RecalledMemory::getRelevance).contains(1.);
    assertThat(people().designer().listMemories(memories().build())).isEqualTo(before);
  }

  @Test
  void factToldInATalk_isAMemoryWithItsFact() {
    people().say(player, NELL, "My brother's name is Tomas.");
    TIME.set(90_000);
    CLOCK.advance(Duration.ofSeconds(5));
    people().say(player, NELL, "What is my brother called?");

    var listed = people().designer().listMemories(memories().build()).getMemoriesList();

    assertThat(listed)
        .filteredOn(Memory::hasFact)
        .extracting(
            each -> each.getFact().getSubject(),
            each -> each.getFact().getPredicate(),
            each -> each.getFact().getValue(),
            Memory::getText)
        .contains(tuple("brother", "name", "Tomas", "My brother's name is Tomas."));
    assertThat(listed)
        .filteredOn(each -> each.getFact().getPredicate().equals("name"))
        .allSatisfy(each ->
            assertThat(each.getLastUsedGameSeconds()).isGreaterThan(each.getCreatedGameSeconds()));
  }

  @Test
  void memories_areNotForPlayers() {
    Refusals.of(
        Status.Code.PERMISSION_DENIED,
        () -> people().player(player).listMemories(memories().build()));
    Refusals.of(
        Status.Code.NOT_FOUND,
        () -> people().designer().listMemories(memories().setNpcId("nell-dase").build()));
    var importance = Refusals.of(Status.Code.INVALID_ARGUMENT, () -> add("x", 11));
    assertThat(importance.field()).isEqualTo("importance");
  }

  private Relation relation(String other) {
    return people()
        .designer()
        .getRelation(
            GetRelationRequest.newBuilder()
                .setWorldId(People.WORLD)
                .setNpcId(NELL)
                .setOtherId(other)
                .build());
  }

  private AdjustRelationRequest.Builder adjust(String other) {
    return AdjustRelationRequest.newBuilder()
        .setWorldId(People.WORLD)
        .setNpcId(NELL)
        .setOtherId(other);
  }

  @Test
  void relation_ofStrangers_isTheBaseline_ofPeopleWhatThePackSays() {
    var baseline = nell().getBaseline();
    var stranger = relation(player);
    assertThat(stranger.getVersion()).isZero();
    assertThat(stranger.getTrust()).isEqualTo(baseline.getTrust());
    var known = nell().getRelations(0);
    assertThat(relation(known.getNpc()).getTrust()).isEqualTo(known.getTrust());
  }

  @Test
  void adjustRelation_moves_tells_andSettles() {
    var before = relation(player);
    var moved =
        people().designer().adjustRelation(adjust(player).setTrust(50).setFear(-50).build());

    assertThat(moved.getVersion()).isEqualTo(1);
    assertThat(moved.getTrust()).isEqualTo(before.getTrust() + 50);
    assertThat(moved.getFear()).isZero();
    assertThat(people().published("relation_changed", RelationChanged.parser()))
        .filteredOn(event -> event.getOtherId().equals(player))
        .singleElement()
        .satisfies(event -> {
          assertThat(event.getFromStanding()).isCloseTo(before.getStanding(), within(1e-9));
          assertThat(event.getToStanding()).isCloseTo(moved.getStanding(), within(1e-9));
        });
    TIME.set(100_000 + 60 * 86_400L);
    CLOCK.advance(Duration.ofSeconds(2));
    assertThat(relation(player).getTrust())
        .isBetween(before.getTrust() + 20, before.getTrust() + 26);
    Refusals.of(
        Status.Code.INVALID_ARGUMENT,
        () -> people().designer().adjustRelation(adjust(player).setTrust(51).build()));
  }

  @Test
  void adjustRelation_smallMove_isNotTold_sameKey_movesOnce() {
    var keyed =
        people()
            .designer()
            .withInterceptors(People.with("idempotency-key", "relation-to-" + player));
    var first = keyed.adjustRelation(adjust(player).setTrust(3).build());

    assertThat(keyed.adjustRelation(adjust(player).setTrust(3).build())).isEqualTo(first);
    assertThat(relation(player).getVersion()).isEqualTo(1);
    assertThat(people().published("relation_changed", RelationChanged.parser()))
        .noneMatch(event -> event.getOtherId().equals(player));
  }

  @Test
  void listRelations_pageByPage() {
    for (var other : List.of("q-a", "q-b", "q-c")) {
      people().designer().adjustRelation(adjust(other).setTrust(1).build());
    }
    List<String> others = new ArrayList<>();
    var request =
        ListRelationsRequest.newBuilder().setWorldId(People.WORLD).setNpcId(NELL).setPageSize(1);
    var page = people().designer().listRelations(request.build());
    while (true) {
      page.getRelationsList().forEach(relation -> others.add(relation.getOtherId()));
      if (page.getNextPageToken().isEmpty()) {
        break;
      }
      page =
          people().designer().listRelations(request.setPageToken(page.getNextPageToken()).build());
    }

    assertThat(others).isSorted().contains("q-a", "q-b", "q-c").doesNotHaveDuplicates();
  }

  @Test
  void aPlayersWords_moveTheRelation_andItIsTold() {
    people().say(player, NELL, "You are a liar and a coward.");

    var moved = relation(player);

    assertThat(moved.getVersion()).isEqualTo(1);
    assertThat(moved.getAffection()).isLessThan(nell().getBaseline().getAffection());
  }
}
