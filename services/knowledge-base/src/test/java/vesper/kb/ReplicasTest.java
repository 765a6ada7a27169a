package vesper.kb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.kb.v1.Asker;
import vesper.kb.v1.GetDocumentRequest;
import vesper.kb.v1.GrantKnowledgeRequest;
import vesper.kb.v1.ListDocumentsRequest;
import vesper.testing.NatsExtension;
import vesper.testing.PostgresExtension;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;

/// Documents and vectors over the life of processes.
@ExtendWith({NatsExtension.class, PostgresExtension.class})
class ReplicasTest {
  private static final Asker NOBODY = Asker.getDefaultInstance();
  private final TestClock clock = TestClock.create();

  private static int vectors(Replica replica, String model) {
    return replica
        .database()
        .withHandle(handle ->
            handle
                .createQuery("select count(*) from kb.chunk where embedding_space = :space")
                .bind("space", model + "/" + WordVectors.DIMENSIONS)
                .mapTo(Integer.class)
                .one());
  }

  @Test
  void vectors_areMadeOnceTheyCanBe_andOnlyOnce(TestNats nats, TestDatabase database) {
    var ai = new WordVectors();
    ai.away(true);
    try (var replica = Replica.start(nats.url(), database, clock, Packs.standard(), ai)) {
      assertThat(replica.search("the boat at dusk", NOBODY).getListsList())
          .containsExactly("words");
      assertThat(replica.gauge("vesper.kb.passages.without.vector")).isEqualTo(9);
      ai.useless(true);
      ai.away(false);
      Awaitility.await().atMost(Replica.BOUND).until(() -> ai.passages() > 0);
      assertThat(vectors(replica, "hash-1")).isZero();
      ai.most(3);
      ai.useless(false);
      replica.awaitVectors();
      assertThat(vectors(replica, "hash-1")).isEqualTo(9);
      assertThat(replica.gauge("vesper.kb.passages.without.vector")).isZero();
      assertThat(ai.largest()).isLessThanOrEqualTo(4);
    }
    int made = ai.passages();
    try (var replica = Replica.start(nats.url(), database, clock, Packs.standard(), ai)) {
      replica.awaitVectors();
      assertThat(ai.passages()).isEqualTo(made);
      ai.change("hash-2");
      assertThat(replica.search("the boat at dusk", NOBODY).getListsList())
          .containsExactly("words");
      replica.awaitVectors();
      assertThat(vectors(replica, "hash-2")).isEqualTo(9);
    }
  }

  @Test
  void replicas_seeEachOthersChanges(TestNats nats, TestDatabase database) {
    Map<String, String> less = new HashMap<>(Packs.DOCUMENTS);
    less.remove("03-market");
    less.computeIfPresent("01-river", (_, text) -> text.replace("Larch boats", "Oak boats"));
    var ai = new WordVectors();
    try (var first = Replica.start(nats.url(), database, clock, Packs.standard(), ai)) {
      first.awaitVectors();
      var version = first.search("boats", NOBODY).getKbVersion();
      var pip = Replica.npc("pip");
      try (var second = Replica.start(nats.url(), database, clock, Packs.with(less))) {
        Awaitility.await()
            .atMost(Replica.BOUND)
            .until(() -> first.gauge("vesper.kb.passages") == 7);
        first.awaitVectors();
        assertThat(first.search("boats", NOBODY).getKbVersion()).isNotEqualTo(version);
        assertThat(first.search("oak", NOBODY).getHits(0).getText()).contains("Oak boats");
        assertThat(
                second
                    .operator()
                    .listDocuments(
                        ListDocumentsRequest.newBuilder().setWorldId(Packs.WORLD).build())
                    .getDocumentsCount())
            .isEqualTo(2);
        second
            .operator()
            .grantKnowledge(
                GrantKnowledgeRequest.newBuilder()
                    .setWorldId(Packs.WORLD)
                    .setSubject(pip)
                    .setSectionId("01-river#where-it-is-read")
                    .build());
        for (int n = 0; n < 6; n++) {
          // Calls go to either of the two.
          assertThat(first.sections("ledger", pip)).contains("01-river#where-it-is-read");
        }
      }
    }
    try (var again = Replica.start(nats.url(), database, clock, Packs.with(less), ai)) {
      assertThat(again.sections("ledger", Replica.npc("pip")))
          .contains("01-river#where-it-is-read")
          .doesNotContain("01-river#what-the-ferrymen-carry");
      assertThat(
              again
                  .operator()
                  .getDocument(
                      GetDocumentRequest.newBuilder()
                          .setWorldId(Packs.WORLD)
                          .setDocumentId("01-river")
                          .build())
                  .getSections(0)
                  .getText())
          .contains("Oak boats");
    }
  }
}
