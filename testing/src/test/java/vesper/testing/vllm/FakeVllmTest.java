package vesper.testing.vllm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FakeVllmTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String MODEL = "fake-7b";

  private final FakeVllm server = FakeVllm.builder().seed(7).start();
  private final Client client = new Client(server.url());

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Test
  void models_tellsNameAndContext() throws Exception {
    JsonNode model = Client.json(client.get("/v1/models").body()).at("/data/0");
    assertThat(model.path("id").asText()).isEqualTo(MODEL);
    assertThat(model.path("max_model_len").asInt()).isEqualTo(8_192);
    assertThat(client.get("/health").statusCode()).isEqualTo(200);
  }

  @Test
  void chat_plain_answersWithUsage() throws Exception {
    JsonNode answer =
        Client.json(client.post(CHAT, Client.chat(MODEL, "Who lit the lamps?").toString()).body());
    assertThat(answer.at("/object").asText()).isEqualTo("chat.completion");
    assertThat(answer.at("/choices/0/message/role").asText()).isEqualTo("assistant");
    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    String text = answer.at("/choices/0/message/content").asText();
    assertThat(text).containsAnyOf("lamps", "Lamps", "lit", "Lit");
    assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(Tokens.of(text).size());
    assertThat(answer.at("/usage/prompt_tokens").asInt())
        .isEqualTo(Tokens.of("user: Who lit the lamps?").size());
    assertThat(answer.at("/usage/total_tokens").asInt())
        .isEqualTo(
            answer.at("/usage/completion_tokens").asInt()
                + answer.at("/usage/prompt_tokens").asInt());
  }

  @Test
  void chat_stream_beginsWithTheRoleAndEndsWithDone() throws Exception {
    ObjectNode body = Client.chat(MODEL, "Who lit the lamps?");
    String whole = client.say(body);
    body.putObject("stream_options").put("include_usage", true);
    List<String> events = client.events(CHAT, body);
    JsonNode first = Client.json(events.getFirst());
    assertThat(first.at("/object").asText()).isEqualTo("chat.completion.chunk");
    assertThat(first.at("/choices/0/delta/role").asText()).isEqualTo("assistant");
    assertThat(events.getLast()).isEqualTo("[DONE]");
    int size = events.size();
    assertThat(Client.json(events.get(size - 2)).at("/usage/completion_tokens").asInt())
        .isEqualTo(Tokens.of(whole).size());
    assertThat(Client.json(events.get(size - 3)).at("/choices/0/finish_reason").asText())
        .isEqualTo("stop");
    assertThat(text(events, "/choices/0/delta/content")).isEqualTo(whole);
  }

  @Test
  void chat_streamWithoutUsage_endsWithTheReason() throws Exception {
    List<String> events = client.events(CHAT, Client.chat(MODEL, "Good evening"));
    assertThat(events).noneMatch(event -> event.contains("usage"));
    assertThat(Client.json(events.get(events.size() - 2)).at("/choices/0/finish_reason").asText())
        .isEqualTo("stop");
  }

  @Test
  void completions_bothWays_sayTheSame() throws Exception {
    ObjectNode body = Client.chat(MODEL).put("prompt", "Once upon a lantern").put("max_tokens", 12);
    JsonNode whole = Client.json(client.post("/v1/completions", body.toString()).body());
    assertThat(whole.at("/object").asText()).isEqualTo("text_completion");
    assertThat(whole.at("/choices/0/finish_reason").asText()).isEqualTo("length");
    assertThat(whole.at("/usage/completion_tokens").asInt()).isEqualTo(12);
    List<String> events = client.events("/v1/completions", body);
    assertThat(text(events, "/choices/0/text")).isEqualTo(whole.at("/choices/0/text").asText());
  }

  @Test
  void parts_ofText_areOneText() throws Exception {
    ObjectNode parts = Client.chat(MODEL);
    ObjectNode message = parts.withArray("messages").addObject().put("role", "user");
    message.withArray("content").addObject().put("type", "text").put("text", "Who lit ");
    message.withArray("content").addObject().put("type", "text").put("text", "the lamps?");
    assertThat(client.say(parts)).isEqualTo(client.say(Client.chat(MODEL, "Who lit the lamps?")));
  }

  @Test
  void stop_endsTheAnswerBeforeIt() throws Exception {
    server.behave(now -> now.withReply("One lamp. Two lamps."));
    ObjectNode body = Client.chat(MODEL, "Count").put("stop", "Two");
    assertThat(client.say(body)).isEqualTo("One lamp. ");
  }

  @Test
  void prefix_seenBefore_isCached() throws Exception {
    String persona = "You keep the lamps of the harbour. ".repeat(20);
    String path = "/usage/prompt_tokens_details/cached_tokens";
    ObjectNode one = Client.chat(MODEL, persona, "Who are you?");
    ObjectNode two = Client.chat(MODEL, persona, "What do you keep?");
    assertThat(Client.json(client.post(CHAT, one.toString()).body()).at(path).asInt()).isZero();
    assertThat(Client.json(client.post(CHAT, two.toString()).body()).at(path).asInt())
        .isBetween(96, Tokens.of("user: " + persona).size());
  }

  @Test
  void requests_areRemembered() throws Exception {
    client.say(Client.chat(MODEL, "Who lit the lamps?"));
    assertThat(server.requests())
        .singleElement()
        .satisfies(seen -> {
          assertThat(seen.prompt()).isEqualTo("user: Who lit the lamps?");
          assertThat(seen.outcome()).isEqualTo(SeenRequest.Outcome.ANSWERED);
          assertThat(seen.tokens()).isPositive();
          assertThat(seen.endedAt()).isPresent();
        });
    assertThat(client.get("/fake/requests").body()).contains("Who lit the lamps?");
    assertThat(server.openConnections()).isEqualTo(1);
  }

  @Test
  void metrics_haveOldAndNewNames() throws Exception {
    client.say(Client.chat(MODEL, "Who lit the lamps?"));
    String metrics = client.get("/metrics").body();
    assertThat(metrics)
        .contains(
            "vllm:num_requests_running{model_name=\"fake-7b\"} 0\n",
            "vllm:num_requests_waiting{model_name=\"fake-7b\"} 0\n",
            "vllm:gpu_cache_usage_perc{",
            "vllm:kv_cache_usage_perc{",
            "vllm:prefix_cache_queries_total{",
            "vllm:prefix_cache_hits_total{",
            "vllm:gpu_prefix_cache_hits_total{",
            "vllm:time_to_first_token_seconds_bucket{model_name=\"fake-7b\",le=\"+Inf\"} 1\n",
            "vllm:time_to_first_token_seconds_count{model_name=\"fake-7b\"} 1\n");
  }

  @Test
  void sixtyFourStreams_allGetTheirWholeAnswers() throws Exception {
    List<Future<List<String>>> streams = new ArrayList<>();
    try (ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int n = 0; n < 64; n++) {
        ObjectNode body = Client.chat(MODEL, "Who lit lamp " + n + "?");
        streams.add(tasks.submit(() -> client.events(CHAT, body)));
      }
      for (int n = 0; n < 64; n++) {
        assertThat(text(streams.get(n).get(), "/choices/0/delta/content"))
            .isEqualTo(client.say(Client.chat(MODEL, "Who lit lamp " + n + "?")));
      }
    }
  }

  @Test
  void ollama_listsItsModels() throws Exception {
    try (FakeVllm ollama = FakeVllm.builder().model("llama3.2:3b").ollama().start();
        Client other = new Client(ollama.url())) {
      assertThat(Client.json(other.get("/api/tags").body()).at("/models/0/name").asText())
          .isEqualTo("llama3.2:3b");
      assertThat(other.get("/metrics").statusCode()).isEqualTo(404);
      assertThat(other.say(Client.chat("llama3.2:3b", "Hello"))).isNotEmpty();
    }
    assertThat(client.get("/api/tags").statusCode()).isEqualTo(404);
  }

  private static String text(List<String> events, String pointer) throws Exception {
    StringBuilder text = new StringBuilder();
    for (String event : events) {
      if (!event.equals("[DONE]")) {
        text.append(Client.json(event).at(pointer).asText());
      }
    }
    return text.toString();
  }
}
