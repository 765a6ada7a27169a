package vesper.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("GW-T7")
class LimitsTest {
  @Test
  void callsOfOneCaller_areBounded_andThoseOfOthersGoOn() throws Exception {
    try (TestEdge edge = new TestEdge(TestEdge.config(Map.of("inflight-each", "2")))) {
      edge.trial.gate = new CountDownLatch(1);
      List<CompletableFuture<HttpResponse<String>>> waiting =
          IntStream.range(0, 2)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> edge.get("/v1/echo?text=wait")))
              .toList();
      await().until(() -> edge.trial.waiting.get() == 2);

      HttpResponse<String> third = edge.get("/v1/echo");
      JsonObject problem = JsonEdgeTest.problem(third, 429);
      assertThat(problem.get("reason").getAsString()).isEqualTo("TOO_MANY_AT_ONCE");
      assertThat(problem.get("code").getAsString()).isEqualTo("RESOURCE_EXHAUSTED");
      assertThat(problem.get("retry_after_ms").getAsLong()).isEqualTo(1000);
      assertThat(third.headers().firstValue("retry-after")).contains("1");
      assertThat(edge.send(edge.as("other", "/v1/echo")).statusCode()).isEqualTo(200);

      edge.trial.gate.countDown();
      waiting.forEach(call -> assertThat(call.join().statusCode()).isEqualTo(200));
      assertThat(edge.get("/v1/echo").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void streamsOfOneCaller_areBounded_andAnEndedOneMakesRoom() throws Exception {
    try (TestEdge edge = new TestEdge(TestEdge.config(Map.of("streams-each", "1")));
        HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<java.io.InputStream> open =
          http.send(edge.request("/v1/count/1?to=-1").build(), BodyHandlers.ofInputStream());

      JsonObject problem = JsonEdgeTest.problem(edge.get("/v1/count/1?to=2"), 429);
      assertThat(problem.get("detail").getAsString()).contains("at most 1 streams");
      assertThat(edge.get("/v1/echo").statusCode()).isEqualTo(200);

      open.body().close();
      http.shutdownNow();
      await().until(() -> edge.get("/v1/count/1?to=2").statusCode() == 200);
    }
  }

  @Test
  void callsTooOften_areRefused_withTheTimeOfTheNext() {
    Map<String, String> rates = Map.of("rate.reads", "6", "rate.writes", "3");
    try (TestEdge edge = new TestEdge(TestEdge.config(rates))) {
      HttpResponse<String> first = edge.post("/v1/echo", "{}");
      assertThat(first.headers().firstValue("x-ratelimit-limit")).contains("1");
      assertThat(first.headers().firstValue("x-ratelimit-remaining")).contains("0");
      assertThat(first.headers().firstValue("x-ratelimit-reset")).contains("20");

      HttpResponse<String> second = edge.post("/v1/echo", "{}");
      JsonObject problem = JsonEdgeTest.problem(second, 429);
      assertThat(problem.get("reason").getAsString()).isEqualTo("RATE_LIMITED");
      assertThat(problem.get("retry_after_ms").getAsLong()).isBetween(10_000L, 20_000L);
      assertThat(second.headers().firstValue("retry-after").orElseThrow()).matches("1[0-9]|20");
      assertThat(edge.send(edge.as("other", "/v1/echo")).statusCode()).isEqualTo(200);
      assertThat(edge.get("/v1/peek").headers().firstValue("x-ratelimit-limit")).contains("2");
    }
  }

  @Test
  void requestsWithoutAValidToken_areCountedByAddress() {
    Map<String, String> settings = Map.of("rate.anonymous", "3", "trusted-proxies", "127.0.0.1");
    try (TestEdge edge = new TestEdge(TestEdge.config(settings))) {
      List<Integer> statuses = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        statuses.add(edge.send(from("198.51.100.1", edge.anonymous("/nowhere"))).statusCode());
      }
      assertThat(statuses).startsWith(404, 404, 404).endsWith(429);

      statuses.clear();
      for (int i = 0; i < 4; i++) {
        HttpRequest.Builder wrong = edge.anonymous("/v1/fail").header("Authorization", "Bearer x");
        statuses.add(
            edge.send(
                    from("198.51.100.2", wrong)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{}")))
                .statusCode());
      }
      assertThat(statuses).startsWith(401, 401, 401).endsWith(429);

      statuses.clear();
      for (int i = 0; i < 4; i++) {
        HttpRequest.Builder other =
            edge.anonymous("/nowhere").header("Authorization", "Basic eDp4");
        statuses.add(edge.send(from("198.51.100.4", other)).statusCode());
      }
      assertThat(statuses).startsWith(404, 404, 404).endsWith(429);

      assertThat(edge.send(from("198.51.100.3", edge.anonymous("/nowhere"))).statusCode())
          .isEqualTo(404);
      assertThat(edge.send(from("198.51.100.1", edge.request("/v1/echo"))).statusCode())
          .isEqualTo(200);
    }
  }

  private static HttpRequest.Builder from(String address, HttpRequest.Builder request) {
    return request.header("X-Forwarded-For", "1.2.3.4, " + address);
  }

  @Test
  void largeBodies_areTakenWhereTheContractSaysSo() {
    try (TestEdge edge = new TestEdge(TestEdge.CONFIG)) {
      String large = "{\"text\":\"" + "x".repeat(300 * 1024) + "\"}";

      assertThat(edge.post("/v1/echo", large).statusCode()).isEqualTo(413);
      assertThat(edge.post("/v1/large", large).statusCode()).isEqualTo(200);
      assertThat(edge.post("/v1/large", "{\"text\":\"" + "x".repeat(1 << 20) + "\"}").statusCode())
          .isEqualTo(413);
    }
  }

  @Test
  void deadline_leavesTimeForTheWayBack() {
    try (TestEdge edge = new TestEdge(TestEdge.CONFIG)) {
      edge.send(edge.request("/v1/echo").header("X-Timeout-Ms", "1000"));
      assertThat(edge.left.toMillis()).isBetween(500L, 995L);

      edge.send(edge.request("/v1/echo").header("X-Timeout-Ms", "999999999"));
      assertThat(edge.left.toMillis()).isBetween(20_000L, 29_995L);
    }
  }

  @Test
  void version_travelsInHeaders() {
    try (TestEdge edge = new TestEdge(TestEdge.CONFIG)) {
      HttpResponse<String> seen =
          edge.send(json(edge.request("/v1/things/1").header("If-Match", "\"7\""), "{}"));
      assertThat(seen.headers().firstValue("etag")).contains("\"7\"");
      assertThat(JsonParser.parseString(seen.body()).getAsJsonObject().get("etag").getAsString())
          .isEqualTo("7");

      assertThat(status(edge, "/v1/things/1", "*", "{}")).isEqualTo(200);
      assertThat(status(edge, "/v1/things/1", "7", "{}")).isEqualTo(400);
      assertThat(status(edge, "/v1/things/1", "W/\"7\"", "{}")).isEqualTo(400);
      assertThat(status(edge, "/v1/things/1", "\"7\"", "{\"etag\":\"7\"}")).isEqualTo(200);
      assertThat(status(edge, "/v1/things/1", "\"7\"", "{\"etag\":\"8\"}")).isEqualTo(400);
      assertThat(status(edge, "/v1/echo", "\"7\"", "{}")).isEqualTo(400);
    }
  }

  private static int status(TestEdge edge, String path, String ifMatch, String json) {
    return edge.send(json(edge.request(path).header("If-Match", ifMatch), json)).statusCode();
  }

  private static HttpRequest.Builder json(HttpRequest.Builder request, String json) {
    return request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(json));
  }

  @Test
  void streamsGoOnAfterACursor() {
    try (TestEdge edge = new TestEdge(TestEdge.CONFIG)) {
      assertThat(edge.get("/v1/follow").body())
          .startsWith("event: item\nid: a1\ndata: {")
          .contains("event: item\ndata: {", "event: item\nid: a3\n");

      assertThat(edge.send(edge.request("/v1/follow").header("Last-Event-ID", "a1")).body())
          .doesNotContain("id: a1")
          .contains("id: a3");
      assertThat(
              edge.send(edge.request("/v1/follow?resumeToken=a0").header("Last-Event-ID", "a2"))
                  .body())
          .startsWith("event: item\nid: a3\n");
    }
  }
}
