package vesper.kb;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.kb.v1.Asker;
import vesper.kb.v1.Authority;
import vesper.kb.v1.Document;
import vesper.kb.v1.GetDocumentRequest;
import vesper.kb.v1.GrantKnowledgeRequest;
import vesper.kb.v1.KnowledgeGrant;
import vesper.kb.v1.ListDocumentsRequest;
import vesper.kb.v1.RevokeKnowledgeRequest;
import vesper.kb.v1.SearchKnowledgeRequest;
import vesper.kb.v1.Section;
import vesper.testing.NatsExtension;
import vesper.testing.PostgresExtension;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;

/// Knowledge over the real transport, with vectors.
@ExtendWith({NatsExtension.class, PostgresExtension.class})
class KnowledgeServiceTest {
  private static final String LEDGER = "01-river#what-the-ferrymen-carry";
  private static final String READ = "01-river#where-it-is-read";
  private static final String BOAT = "01-river#the-last-boat";
  private static final String THREAD = "03-market#the-red-thread";
  private static final Asker NOBODY = Asker.getDefaultInstance();
  private static final WordVectors AI = new WordVectors();
  private static @Nullable Replica shared;

  private String player = "";

  @BeforeAll
  static void start(TestNats nats, TestDatabase database) {
    shared = Replica.start(nats.url(), database, TestClock.create(), Packs.standard(), AI);
    shared.awaitVectors();
  }

  @AfterAll
  static void stop() {
    replica().close();
  }

  private static Replica replica() {
    return Objects.requireNonNull(shared);
  }

  @BeforeEach
  void newPlayer() {
    player = "p-" + UUID.randomUUID();
    AI.away(false);
  }

  private static GrantKnowledgeRequest grant(Asker subject, String section) {
    return GrantKnowledgeRequest.newBuilder()
        .setWorldId(Packs.WORLD)
        .setSubject(subject)
        .setSectionId(section)
        .setFromWhom("tam-ferrow")
        .build();
  }

  private static RevokeKnowledgeRequest revoke(Asker subject, String section) {
    return RevokeKnowledgeRequest.newBuilder()
        .setWorldId(Packs.WORLD)
        .setSubject(subject)
        .setSectionId(section)
        .build();
  }

  private static GetDocumentRequest document(String id) {
    return GetDocumentRequest.newBuilder().setWorldId(Packs.WORLD).setDocumentId(id).build();
  }

  private static List<String> sections(Document document) {
    return document.getSectionsList().stream().map(Section::getSectionId).toList();
  }

  @Test
  void search_citesWhereThePassageStands() {
    var response = replica().search("When does the last boat leave?", NOBODY);

    var hit = response.getHits(0);
    var citation = hit.getCitation();
    assertThat(citation.getDocumentId()).isEqualTo("01-river");
    assertThat(citation.getSectionId()).isEqualTo(BOAT);
    assertThat(citation.getTitle()).isEqualTo("The River");
    assertThat(citation.getHeadingsList()).containsExactly("The River", "The last boat");
    assertThat(citation.getPath()).isEqualTo("/v1/worlds/body-broker/documents/01-river");
    assertThat(hit.getText())
        .isEqualTo(
            "The last boat leaves at dusk from the Ferry Stairs. The ferryman asks for a coin and a"
                + " tune.");
    assertThat(hit.getTokens()).isEqualTo(19);
    assertThat(citation.getStart()).isZero();
    assertThat(citation.getEnd()).isEqualTo(hit.getText().length());
    assertThat(hit.getWordsRank()).isEqualTo(1);
    assertThat(hit.getMeaningRank()).isEqualTo(1);
    assertThat(hit.getCosine()).isBetween(.2, 1.);
    assertThat(hit.getScore()).isEqualTo(2 / 61.);
    assertThat(hit.getAuthority()).isEqualTo(Authority.AUTHORITY_CANON);
    assertThat(hit.getChunkId()).matches("[0-9a-f]{64}");
    assertThat(response.getListsList()).containsExactly("words", "meaning");
    assertThat(response.getKbVersion()).matches("[0-9a-f]{64}");
    var cited =
        replica().operator().getDocument(document(citation.getDocumentId())).getSectionsList();
    assertThat(cited)
        .filteredOn(section -> section.getSectionId().equals(BOAT))
        .allSatisfy(section -> assertThat(section.getText()).isEqualTo(hit.getText()));
  }

  @Test
  void search_byMeaning_findsOtherWords() {
    var sections = replica().sections("vessel departs this evening", NOBODY);

    assertThat(sections).first().isEqualTo(BOAT);
  }

  @Test
  void search_withoutEmbed_isByWordsAlone() {
    AI.away(true);

    var response = replica().search("the boat at dusk", NOBODY);

    assertThat(response.getListsList()).containsExactly("words");
    assertThat(response.getHits(0).getCitation().getSectionId()).isEqualTo(BOAT);
    assertThat(response.getHits(0).getMeaningRank()).isZero();
    assertThat(response.getHits(0).getCosine()).isZero();
    assertThat(replica().search("vessel departs this evening", NOBODY).getHitsList()).isEmpty();
  }

  @Test
  void search_slowEmbed_isNotWaitedFor() {
    var gate = AI.hold();
    try {
      assertThat(replica().search("the boat at dusk", NOBODY).getListsList())
          .containsExactly("words");
    } finally {
      gate.countDown();
    }
  }

  @Test
  void search_rumours_areMarked() {
    var response = replica().search("bronze bell below the ice", NOBODY);

    assertThat(response.getHits(0).getAuthority()).isEqualTo(Authority.AUTHORITY_RUMOUR);
  }

  @Test
  void search_askers_findWhatTheyMayKnow() {
    var ledger = "drowned ledger in oilcloth";
    assertThat(replica().sections(ledger, NOBODY)).contains(LEDGER, READ, THREAD);
    assertThat(replica().sections(ledger, Replica.npc("mara-vey"))).contains(LEDGER, READ);
    assertThat(replica().sections(ledger, Replica.npc("madam-ossery"))).contains(LEDGER, READ);
    assertThat(replica().sections(ledger, Replica.npc("pip"))).doesNotContain(LEDGER, READ, THREAD);
    assertThat(replica().sections(ledger, Replica.asPlayer(player)))
        .doesNotContain(LEDGER, READ, THREAD)
        .contains(BOAT);
    assertThat(replica().sections(ledger, Replica.both("mara-vey", player)))
        .doesNotContain(LEDGER, READ)
        .contains(BOAT);
  }

  @Test
  void search_labelsOfOneClause_goTogether() {
    assertThat(replica().sections("mortuary", Replica.npc("hob-garrity")))
        .contains("02-hospital#the-hospital", "02-hospital#the-tenth-bed");
    assertThat(replica().sections("mortuary", Replica.npc("ilka-thorne")))
        .contains("02-hospital#the-hospital", "02-hospital#the-tenth-bed");
    assertThat(replica().sections("mortuary", Replica.npc("mara-vey")))
        .noneMatch(section -> section.startsWith("02-hospital"));
  }

  @Test
  void search_closedTerms_areThoseThatNoOpenSectionClaims() {
    assertThat(replica().search("x", NOBODY).getClosedTermsList()).isEmpty();
    assertThat(replica().search("x", Replica.asPlayer(player)).getClosedTermsList())
        .containsExactly("Nine Hooks", "drowned ledger", "nine hooks", "red thread", "tenth bed");
    assertThat(replica().search("x", Replica.npc("mara-vey")).getClosedTermsList())
        .containsExactly("red thread", "tenth bed");
    assertThat(replica().search("x", Replica.npc("ilka-thorne")).getClosedTermsList())
        .containsExactly("drowned ledger", "red thread");
    assertThat(replica().search("x", Replica.both("mara-vey", player)).getClosedTermsList())
        .containsExactly("Nine Hooks", "drowned ledger", "nine hooks", "red thread", "tenth bed");
  }

  @Test
  void search_limitAndBudget_hold() {
    var request =
        SearchKnowledgeRequest.newBuilder().setWorldId(Packs.WORLD).setQuery("the boat at dusk");

    assertThat(replica().operator().searchKnowledge(request.build()).getHitsCount()).isEqualTo(8);
    assertThat(replica().operator().searchKnowledge(request.setLimit(2).build()).getHitsCount())
        .isEqualTo(2);
    var few = replica().operator().searchKnowledge(request.setTokenBudget(25).build());
    assertThat(few.getHitsList().stream().mapToInt(hit -> hit.getTokens()).sum()).isBetween(1, 25);
  }

  @Test
  void grant_opensTheSectionAtOnce_andRevokeClosesIt() {
    var asPlayer = Replica.asPlayer(player);
    var both = Replica.both("mara-vey", player);

    var granted = replica().operator().grantKnowledge(grant(asPlayer, LEDGER));

    assertThat(granted)
        .isEqualTo(
            KnowledgeGrant.newBuilder()
                .setWorldId(Packs.WORLD)
                .setSubject(asPlayer)
                .setSectionId(LEDGER)
                .setFromWhom("tam-ferrow")
                .build());
    assertThat(replica().sections("oilcloth", asPlayer)).contains(LEDGER).doesNotContain(READ);
    assertThat(replica().sections("oilcloth", both)).contains(LEDGER);
    assertThat(replica().sections("oilcloth", Replica.both("pip", player))).doesNotContain(LEDGER);
    assertThat(replica().search("x", asPlayer).getClosedTermsList())
        .containsExactly("red thread", "tenth bed");

    var again = grant(asPlayer, LEDGER).toBuilder().setFromWhom("pip").build();
    assertThat(replica().operator().grantKnowledge(again)).isEqualTo(granted);

    replica().operator().revokeKnowledge(revoke(asPlayer, LEDGER));
    replica().operator().revokeKnowledge(revoke(asPlayer, LEDGER));
    assertThat(replica().sections("oilcloth", asPlayer)).doesNotContain(LEDGER);
  }

  @Test
  void grant_toAnNpc_letsItKnowBesideWhatItIs() {
    var sorrel = Replica.npc("sorrel");

    replica().operator().grantKnowledge(grant(sorrel, THREAD));

    assertThat(replica().sections("thread", sorrel)).contains(THREAD);
    assertThat(replica().sections("thread", Replica.both("sorrel", player))).doesNotContain(THREAD);
    replica().operator().revokeKnowledge(revoke(sorrel, THREAD));
  }

  @Test
  void grant_badSubjects_areRefused() {
    var both = Replica.both("mara-vey", player);
    assertThat(refused(Code.INVALID_ARGUMENT, grant(both, LEDGER)).field()).isEqualTo("subject");
    assertThat(refused(Code.INVALID_ARGUMENT, grant(NOBODY, LEDGER)).field()).isEqualTo("subject");
    var unknown = refused(Code.NOT_FOUND, grant(Replica.npc("mara-vye"), LEDGER));
    assertThat(unknown.field()).isEqualTo("subject.npcId");
    assertThat(unknown.message()).contains("mara-vey");
    var section = refused(Code.NOT_FOUND, grant(Replica.npc("mara-vey"), "01-river#the-lost-boat"));
    assertThat(section.field()).isEqualTo("sectionId");
    assertThat(section.message()).contains(BOAT);
    assertThat(
            Refusals.of(
                    Code.NOT_FOUND,
                    () ->
                        replica()
                            .operator()
                            .revokeKnowledge(revoke(Replica.npc("mara-vey"), "01-river#boat")))
                .field())
        .isEqualTo("sectionId");
  }

  private static Refusals refused(Code code, GrantKnowledgeRequest request) {
    return Refusals.of(code, () -> replica().operator().grantKnowledge(request));
  }

  @Test
  void revoke_ofADocumentThatIsGone_works() {
    replica()
        .database()
        .useHandle(handle ->
            handle.execute(
                "insert into kb.knowledge_grant values (?, 'PLAYER', ?, '09-old#gone', '', now())",
                Packs.WORLD,
                player));
    var request = revoke(Replica.asPlayer(player), "09-old#gone");

    replica().operator().revokeKnowledge(request);

    assertThat(
            Refusals.of(Code.NOT_FOUND, () -> replica().operator().revokeKnowledge(request))
                .field())
        .isEqualTo("sectionId");
  }

  @Test
  void getDocument_playersReadWhatIsOpenAndWhatTheyLearned() {
    assertThat(sections(replica().operator().getDocument(document("01-river"))))
        .containsExactly(
            "01-river#the-river", BOAT, LEDGER, READ, "01-river#the-bell-under-the-river");
    assertThat(sections(replica().player(player).getDocument(document("01-river"))))
        .containsExactly("01-river#the-river", BOAT, "01-river#the-bell-under-the-river");

    replica().operator().grantKnowledge(grant(Replica.asPlayer(player), READ));

    var read = replica().player(player).getDocument(document("01-river"));
    assertThat(sections(read))
        .containsExactly("01-river#the-river", BOAT, READ, "01-river#the-bell-under-the-river");
    assertThat(read.getTitle()).isEqualTo("The River");
    assertThat(read.getTagsList()).containsExactly("ferry", "water");
    assertThat(read.getSha256()).matches("[0-9a-f]{64}");
    assertThat(read.getSections(2).getHeadingsList())
        .containsExactly("The River", "What the ferrymen carry", "Where it is read");
    assertThat(read.getSections(3).getAuthority()).isEqualTo(Authority.AUTHORITY_RUMOUR);
  }

  @Test
  void getDocument_closedOrUnknown_looksTheSame() {
    assertThat(replica().designer().getDocument(document("02-hospital")).getSectionsCount())
        .isEqualTo(2);
    var closed =
        Refusals.of(
            Code.NOT_FOUND, () -> replica().player(player).getDocument(document("02-hospital")));
    assertThat(closed.field()).isEqualTo("documentId");
    var misspelt =
        Refusals.of(
            Code.NOT_FOUND, () -> replica().player(player).getDocument(document("02-hospitol")));
    assertThat(misspelt.message()).doesNotContain("02-hospital");
    assertThat(
            Refusals.of(
                    Code.NOT_FOUND, () -> replica().operator().getDocument(document("02-hospitol")))
                .message())
        .contains("02-hospital");
  }

  @Test
  void listDocuments_pagesThroughWhatIsOpen() {
    List<String> ids = new ArrayList<>();
    var request = ListDocumentsRequest.newBuilder().setWorldId(Packs.WORLD).setPageSize(2);
    do {
      var page = replica().operator().listDocuments(request.build());
      page.getDocumentsList().forEach(document -> ids.add(document.getDocumentId()));
      assertThat(page.getDocumentsList()).allMatch(document -> document.getSectionsCount() == 0);
      request.setPageToken(page.getNextPageToken());
    } while (!request.getPageToken().isEmpty());
    assertThat(ids).containsExactly("01-river", "02-hospital", "03-market");

    var toPlayer = replica().player(player).listDocuments(request.setPageSize(0).build());
    assertThat(toPlayer.getDocumentsList())
        .extracting(Document::getDocumentId)
        .containsExactly("01-river", "03-market");
    var foreign = request.setPageToken("Zm9yZWlnbg").build();
    assertThat(
            Refusals.of(Code.INVALID_ARGUMENT, () -> replica().operator().listDocuments(foreign))
                .field())
        .isEqualTo("pageToken");
  }

  @Test
  void search_unknownNames_areRefusedWithASuggestion() {
    var npc = Refusals.of(Code.NOT_FOUND, () -> replica().search("x", Replica.npc("mara-vye")));
    assertThat(npc.field()).isEqualTo("asker.npcId");
    assertThat(npc.message()).contains("mara-vey");
    var world =
        Refusals.of(
            Code.NOT_FOUND,
            () ->
                replica()
                    .operator()
                    .searchKnowledge(
                        SearchKnowledgeRequest.newBuilder()
                            .setWorldId("body-brokr")
                            .setQuery("x")
                            .build()));
    assertThat(world.message()).contains("body-broker");
  }

  @Test
  void search_badRequests_areRefused() {
    var request = SearchKnowledgeRequest.newBuilder().setWorldId(Packs.WORLD).setQuery("x");
    for (var bad :
        List.of(
            request.clone().setQuery(" ").build(),
            request.clone().setQuery("x".repeat(1_001)).build(),
            request.clone().setLimit(51).build(),
            request.clone().setTokenBudget(-1).build())) {
      assertThat(
              Refusals.of(Code.INVALID_ARGUMENT, () -> replica().operator().searchKnowledge(bad))
                  .field())
          .isNotEmpty();
    }
  }

  @Test
  void players_mayOnlyRead() {
    var search = SearchKnowledgeRequest.newBuilder().setWorldId(Packs.WORLD).setQuery("x").build();
    var request = grant(Replica.asPlayer(player), LEDGER);
    assertThat(
            Refusals.of(
                    Code.PERMISSION_DENIED, () -> replica().player(player).searchKnowledge(search))
                .message())
        .isNotEmpty();
    assertThat(
            Refusals.of(
                    Code.PERMISSION_DENIED, () -> replica().player(player).grantKnowledge(request))
                .message())
        .isNotEmpty();
  }
}
