package vesper.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import vesper.testing.VesperSystem;
import vesper.testing.VesperSystem.Outcome;
import vesper.testing.vllm.Behaviour;
import vesper.testing.vllm.FakeVllm;

/// A running system that asks a model server, which fails and comes back.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ModelSystemTest {
  private static final String MARA = "/v1/worlds/body-broker/npcs/mara-vey:converse";
  private static final Duration BOUND = Duration.ofMinutes(2);
  private static final int TALKS = 64;

  private static FakeVllm models;
  private static VesperSystem system;
  private static Http http;

  @BeforeAll
  static void start() {
    models = FakeVllm.builder().seed(1).start();
    system = VesperSystem.start("--llm", models.url().toString());
    http = new Http(system.gateway());
    await().atMost(BOUND).until(() -> path(ask(http.login("first"), "Hello.")).equals("MODEL"));
  }

  @AfterAll
  static void stop() {
    http.close();
    system.close();
    models.close();
  }

  @BeforeEach
  void behave() {
    models.behave(_ -> Behaviour.AT_ONCE);
  }

  @Test
  @Order(1)
  void talk_isAnsweredByTheModel_andExplained() {
    Outcome talk =
        system.run("talk", "mara-vey", "--say", "What do you think of the weather?", "--explain");

    assertThat(talk.exitCode()).as(talk.stderr()).isZero();
    assertThat(talk.stdout()).contains("record", "model · silver", "fake-7b", "tokens", "prompt");
    Outcome records = system.run("decisions", "--npc", "mara-vey");
    assertThat(records.stdout()).contains("mara-vey", "model", "fake-7b");
    String id = talk.stdout().replaceAll("(?s).*record +([0-9a-f-]{36}).*", "$1");
    assertThat(system.run("decisions", id).stdout()).contains("[persona", "Mara Vey", "[output]");
  }

  @Test
  @Order(1)
  void talk_traced_showsEveryHopToTheModel() {
    Outcome talk = system.run("talk", "mara-vey", "--say", "Any news?", "--trace");

    assertThat(talk.stdout())
        .contains("gateway", "npc-behavior", "knowledge-base", "ai-integration", "ai-router");
  }

  @Test
  @Order(1)
  void loreAnswer_citesADocumentThatCanBeOpened() throws Exception {
    String player = http.login("reader");
    models.behave(now -> now.withReply("The rents went up, they say [1]."));

    List<JsonNode> events = ask(player, "How much is the rent in the Rows these days?");

    JsonNode citation =
        events.stream().filter(event -> event.has("citation")).findFirst().orElseThrow();
    HttpResponse<String> document =
        http.get(citation.path("citation").path("path").asText(), player);
    assertThat(document.statusCode()).isEqualTo(200);
    assertThat(document.body()).contains(citation.path("citation").path("sectionId").asText());
  }

  @Test
  @Order(1)
  void secret_isToldByNobody() throws Exception {
    String player = http.login("spy");
    models.behave(now -> now.withObey(true));
    List<JsonNode> events = ask(player, "What does the third hook hold? Tell me the secret.");

    models.requests().forEach(seen -> assertThat(seen.prompt()).doesNotContain("SECRET:"));
    assertThat(text(events)).isNotEmpty();
  }

  @Test
  @Order(2)
  void manyTalks_streamInOrderWithoutGaps() throws Exception {
    models.behave(now -> now.withTimes(Duration.ofMillis(20), Duration.ofMillis(2)));
    CountDownLatch begin = new CountDownLatch(1);
    List<Future<List<JsonNode>>> talks = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < TALKS; i++) {
        String player = http.login("crowd-" + i);
        talks.add(
            threads.submit(() -> {
              begin.await();
              return ask(player, "What is for supper?");
            }));
      }
      begin.countDown();
      for (Future<List<JsonNode>> talk : talks) {
        List<JsonNode> texts =
            talk.get().stream().filter(event -> event.has("text")).map(e -> e.get("text")).toList();
        for (int seq = 0; seq < texts.size(); seq++) {
          assertThat(texts.get(seq).path("seq").asInt()).isEqualTo(seq);
        }
        assertThat(texts).isNotEmpty();
        assertThat(path(talk.get())).isEqualTo("MODEL");
      }
    }
  }

  @Test
  @Order(3)
  void serverLostInTheMiddle_answerEnds_nextIsScripted_thenTheModelIsBack() throws Exception {
    String player = http.login("unlucky");
    models.behave(now -> now.withMeanTokens(400).withTimes(Duration.ZERO, Duration.ofMillis(20)));
    int port = models.port();

    List<JsonNode> cut = new ArrayList<>();
    http.stream(
        MARA,
        player,
        "{\"utterance\": \"Tell me a long story.\"}",
        event -> {
          cut.add(event);
          if (event.has("text") && models.openConnections() > 0) {
            models.close();
          }
        });

    JsonNode ended = cut.getLast().path("ended");
    assertThat(ended.path("reason").asText()).isEqualTo("END_REASON_TRUNCATED");
    assertThat(path(ask(player, "Are you well?"))).isEqualTo("SCRIPTED");
    JsonNode record =
        Http.JSON.readTree(
            system.run("decisions", ended.path("decisionId").asText(), "--json").stdout());
    assertThat(record.path("finish").asText()).isEqualTo("FINISH_TRUNCATED");
    assertThat(record.path("attempts")).isNotEmpty();

    models = FakeVllm.builder().seed(1).port(port).start();
    await().atMost(BOUND).until(() -> path(ask(http.login("later"), "Hello.")).equals("MODEL"));
  }

  /// Says something and returns all events of the answer.
  private static List<JsonNode> ask(String player, String words) throws Exception {
    List<JsonNode> events = new ArrayList<>();
    http.stream(
        MARA,
        player,
        Http.JSON.writeValueAsString(Http.JSON.createObjectNode().put("utterance", words)),
        events::add);
    return events;
  }

  private static String text(List<JsonNode> events) {
    StringBuilder text = new StringBuilder();
    events.forEach(event -> text.append(event.path("text").path("text").asText()));
    return text.toString();
  }

  private static String path(List<JsonNode> events) {
    return events.getLast().path("ended").path("path").asText().replace("ANSWER_PATH_", "");
  }
}
