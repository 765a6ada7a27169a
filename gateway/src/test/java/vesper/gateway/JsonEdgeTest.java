package vesper.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import vesper.npc.v1.GetNpcRequest;
import vesper.npc.v1.Npc;
import vesper.npc.v1.NpcsGrpc;
import vesper.runtime.Refusal;

class JsonEdgeTest {
  private static TestEdge edge;

  @BeforeAll
  static void start() {
    edge = new TestEdge(TestEdge.CONFIG, new Villagers());
  }

  @AfterAll
  static void stop() {
    edge.close();
  }

  private static final class Villagers extends NpcsGrpc.NpcsImplBase {
    @Override
    public void getNpc(GetNpcRequest request, StreamObserver<Npc> answer) {
      switch (request.getNpcId()) {
        case "mara" -> {
          answer.onNext(Npc.newBuilder().setNpcId("mara").setName("Mara's \"own\" name").build());
          answer.onCompleted();
        }
        case "shy" -> answer.onError(Refusal.denied("shy talks to nobody"));
        default ->
            answer.onError(
                Refusal.unknown(
                    "npcId", "NPC", request.getNpcId(), java.util.List.of("mara", "shy")));
      }
    }
  }

  @Test
  void get_known_isJson() {
    HttpResponse<String> answer = edge.get("/v1/worlds/w/npcs/mara");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).contains("application/json");
    assertThat(answer.body())
        .isEqualTo(
            "{\"worldId\":\"\",\"npcId\":\"mara\",\"name\":\"Mara's \\\"own\\\" name\",\"title\":\"\","
                + "\"faction\":\"\",\"region\":\"\",\"place\":\"\"}");
  }

  @Test
  void get_unknown_is404WithTheServicesSuggestion() {
    HttpResponse<String> answer = edge.get("/v1/worlds/w/npcs/marra");

    JsonObject problem = problem(answer, 404);
    assertThat(problem.get("code").getAsString()).isEqualTo("NOT_FOUND");
    assertThat(problem.get("detail").getAsString())
        .isEqualTo("no NPC 'marra'; did you mean 'mara'?");
    assertThat(problem.get("errors").toString()).contains("npcId");
  }

  @Test
  void get_denied_is403() {
    assertThat(problem(edge.get("/v1/worlds/w/npcs/shy"), 403).get("detail").getAsString())
        .isEqualTo("shy talks to nobody");
  }

  @Test
  void withoutToken_is401_beforeAnythingIsSent() {
    edge.get("/v1/worlds/w/npcs/mara");
    var before = edge.received;

    HttpResponse<String> answer = edge.send(edge.anonymous("/v1/worlds/w/npcs/mara"));

    assertThat(problem(answer, 401).get("reason").getAsString()).isEqualTo("MISSING");
    assertThat(answer.headers().firstValue("www-authenticate")).contains("Bearer");
    assertThat(edge.received).isSameAs(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer bad-token", "Basic Z29vZA==", "good-token", "Bearer", ""})
  void withWrongToken_is401(String authorization) {
    HttpResponse<String> answer =
        edge.send(edge.anonymous("/v1/worlds/w/npcs/mara").header("Authorization", authorization));

    assertThat(problem(answer, 401).get("reason").getAsString()).isEqualTo("INVALID");
    assertThat(answer.headers().firstValue("www-authenticate"))
        .contains("Bearer error=\"invalid_token\"");
  }

  @Test
  void withWrongToken_whereNoneIsNeeded_isSentWithoutIt() {
    HttpResponse<String> answer =
        edge.send(edge.anonymous("/v1/echo").header("Authorization", "Bearer expired"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(edge.received("authorization")).isNull();
  }

  @Test
  void unknownPath_is404() {
    assertThat(problem(edge.get("/v1/nothing/here"), 404).get("reason").getAsString())
        .isEqualTo("NO_SUCH_PATH");
    problem(edge.get("/v2"), 404);
    problem(edge.get("/vesper.npc.v1.Npcs/GetNpc"), 404);
    problem(edge.post("/vesper.npc.v1.Npcs/GetNpc", "{}"), 404);
  }

  @Test
  void otherMethod_is405WithAllow() {
    HttpResponse<String> answer = edge.get("/v1/worlds/w/time:rate");

    problem(answer, 405);
    assertThat(answer.headers().firstValue("allow")).contains("POST");
    HttpResponse<String> options =
        edge.send(edge.request("/v1/echo").method("OPTIONS", BodyPublishers.noBody()));
    assertThat(options.statusCode()).isEqualTo(405);
    assertThat(options.headers().firstValue("allow")).contains("GET, POST, SEARCH");
  }

  @Test
  void misspeltField_is400WithPathAndSuggestion() {
    HttpResponse<String> answer =
        edge.post("/v1/worlds/w/npcs/mara:converse", "{\"utterence\":\"Hello\"}");

    assertThat(problem(answer, 400).get("errors").toString())
        .isEqualTo(
            "[{\"field\":\"utterence\",\"message\":\"unknown field; did you mean 'utterance'?\"}]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/json; charset=latin1",
        "application/x-www-form-urlencoded",
        "nonsense"
      })
  void otherMediaType_is415(String type) {
    HttpResponse<String> answer =
        edge.send(
            edge.request("/v1/echo")
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString("{}")));

    problem(answer, 415);
  }

  @Test
  void noMediaTypeOrCompressedBody_is415() {
    problem(edge.send(edge.request("/v1/echo").POST(BodyPublishers.ofString("{}"))), 415);
    problem(
        edge.send(
            edge.request("/v1/echo")
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofString("{}"))),
        415);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "application/json; charset=UTF-8",
        "APPLICATION/JSON;charset=\"utf-8\""
      })
  void json_isTaken(String type) {
    HttpResponse<String> answer =
        edge.send(
            edge.request("/v1/echo")
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString("{\"text\":\"é☃\"}")));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"text\":\"é☃\"");
  }

  @Test
  void bodyThatIsNoUtf8_is400() {
    byte[] body = "{\"text\":\"?\"}".getBytes(StandardCharsets.ISO_8859_1);
    body[9] = (byte) 0xff;

    problem(
        edge.send(
            edge.request("/v1/echo")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body))),
        400);
    assertThat(edge.post("/v1/echo", "{\"text\":\"\ufffd\"}").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"true, 300000", "false, 300000", "true, 3000000", "false, 3000000"})
  void bodyTooLarge_is413(boolean lengthKnown, int size) {
    byte[] body = ("{\"text\":\"" + "x".repeat(size) + "\"}").getBytes(StandardCharsets.US_ASCII);
    var publisher =
        lengthKnown
            ? BodyPublishers.ofByteArray(body)
            : BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body));

    HttpResponse<String> answer =
        edge.send(
            edge.request("/v1/echo").header("Content-Type", "application/json").POST(publisher));

    assertThat(problem(answer, 413).get("reason").getAsString()).isEqualTo("BODY_TOO_LARGE");
  }

  @Test
  void largestBody_isTaken() {
    String json = "{\"text\":\"" + "x".repeat(256 * 1024 - 11) + "\"}";

    assertThat(edge.post("/v1/echo", json).statusCode()).isEqualTo(200);
  }

  @Test
  void pathTooLong_is414() {
    problem(edge.get("/v1/echo?text=" + "x".repeat(2048)), 414);
    problem(edge.get("/v1/echo?text=" + "x".repeat(9000)), 414);
  }

  @Test
  void headersTooLarge_is431() {
    problem(edge.send(edge.request("/v1/echo").header("X-Long", "x".repeat(17_000))), 431);
  }

  @Test
  void requestId_ofTheRightForm_isKept() {
    HttpResponse<String> answer =
        edge.send(edge.request("/v1/echo").header("X-Request-Id", "my-request_1"));

    assertThat(answer.headers().firstValue("x-request-id")).contains("my-request_1");
    assertThat(edge.received("x-request-id")).isEqualTo("my-request_1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"short", "with blank in it", "täglich-1234"})
  void requestId_ofAnotherForm_isReplaced(String given) {
    HttpResponse<String> answer =
        edge.send(edge.request("/v1/nothing").header("X-Request-Id", given));

    String id = answer.headers().firstValue("x-request-id").orElseThrow();
    assertThat(id).matches("[0-9a-f-]{36}");
    assertThat(problem(answer, 404).get("instance").getAsString()).isEqualTo(id);
  }

  @Tag("GW-T8")
  @Test
  void headersThatAssertIdentity_changeNothing() {
    edge.send(
        edge.request("/v1/echo")
            .header("vesper-caller", "npc-behavior")
            .header("X-Player-Id", "somebody")
            .header("vesper-principal", "admin")
            .header("X-Forwarded-User", "admin")
            .header("grpc-timeout", "1H")
            .header("Cookie", "a=b")
            .header("Idempotency-Key", "0123456789abcdef"));

    assertThat(edge.receivedKeys())
        .containsExactly("authorization", "idempotency-key", "traceparent", "x-request-id");
    assertThat(edge.received("authorization")).isEqualTo("Bearer " + TestEdge.TOKEN);
    assertThat(edge.received("traceparent")).contains(TestEdge.TRACE);
  }

  @Test
  void answer_hasNoHeadersOfTheInside() {
    HttpResponse<String> answer = edge.get("/v1/echo");

    assertThat(answer.headers().map().keySet())
        .containsOnly(
            "content-type",
            "content-length",
            "date",
            "x-request-id",
            "traceparent",
            "x-ratelimit-limit",
            "x-ratelimit-remaining",
            "x-ratelimit-reset");
  }

  @Test
  void replayedAnswer_saysSo() {
    edge.replaying = true;
    try {
      assertThat(edge.get("/v1/echo").headers().firstValue("vesper-replayed")).contains("true");
    } finally {
      edge.replaying = false;
    }
    assertThat(edge.get("/v1/echo").headers().firstValue("vesper-replayed")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({", 5000", "2000, 2000", "20000, 20000", "600000, 30000"})
  void deadline_isTheHeadersOrTheRpcs_upTo30Seconds(String header, long expected) {
    var request = edge.request("/v1/echo");
    if (header != null) {
      request.header("X-Timeout-Ms", header);
    }

    edge.send(request);

    assertThat(edge.left.toMillis()).isBetween(expected - 1500, expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "soon", "1.5", "99999999999"})
  void deadline_malformed_is400(String header) {
    problem(edge.send(edge.request("/v1/echo").header("X-Timeout-Ms", header)), 400);
  }

  @Test
  void deadline_passed_is504() {
    edge.trial.gate = new CountDownLatch(1);
    try {
      problem(edge.send(edge.request("/v1/echo?text=wait").header("X-Timeout-Ms", "50")), 504);
    } finally {
      edge.trial.gate.countDown();
    }
  }

  @Tag("GW-T6")
  @ParameterizedTest
  @CsvSource({
    "INVALID_ARGUMENT, 400",
    "OUT_OF_RANGE, 400",
    "FAILED_PRECONDITION, 400",
    "UNAUTHENTICATED, 401",
    "PERMISSION_DENIED, 403",
    "NOT_FOUND, 404",
    "ABORTED, 409",
    "ALREADY_EXISTS, 409",
    "RESOURCE_EXHAUSTED, 429",
    "CANCELLED, 499",
    "UNKNOWN, 500",
    "INTERNAL, 500",
    "DATA_LOSS, 500",
    "UNIMPLEMENTED, 501",
    "UNAVAILABLE, 503",
    "DEADLINE_EXCEEDED, 504"
  })
  void failure_hasTheStatusOfItsCode(Status.Code code, int status) {
    HttpResponse<String> answer =
        edge.post("/v1/fail", "{\"code\":" + code.value() + ",\"description\":\"why\"}");

    assertThat(problem(answer, status).get("code").getAsString()).isEqualTo(code.name());
    assertThat(answer.headers().map().keySet())
        .allMatch(name -> !name.startsWith("grpc") && !name.equals("internal"));
  }

  @Test
  void failure_inside_tellsNothing() {
    HttpResponse<String> answer = edge.post("/v1/fail", "{}");

    problem(answer, 500);
    assertThat(answer.body()).doesNotContain("secret", "Exception");
  }

  @Test
  void page_isAsTheServiceMadeIt() {
    HttpResponse<String> answer = edge.get("/v1/page");

    assertThat(answer.headers().firstValue("content-type")).contains("text/plain; charset=utf-8");
    assertThat(answer.body()).isEqualTo("as it is");
  }

  @Test
  void serviceThatNobodyRuns_is501Or503() {
    assertThat(edge.get("/v1/worlds/w/time").statusCode()).isIn(501, 503);
  }

  @Tag("GW-T5")
  @Test
  void malformedBodies_leaveItServing() {
    Random random = new Random(7);
    String valid =
        "{\"text\":\"a\",\"nested\":{\"numbers\":[1,2],\"at\":\"2026-01-01T00:00:00Z\"}}";
    for (int i = 0; i < 1000; i++) {
      StringBuilder body = new StringBuilder(valid);
      for (int changes = random.nextInt(1, 5); changes > 0; changes--) {
        int at = random.nextInt(body.length());
        switch (random.nextInt(3)) {
          case 0 -> body.deleteCharAt(at);
          case 1 -> body.insert(at, (char) random.nextInt(1, 0x300));
          default -> body.setCharAt(at, "{}[]\",:0x\\".charAt(random.nextInt(10)));
        }
      }
      HttpResponse<String> answer = edge.post("/v1/echo", body.toString());
      assertThat(answer.statusCode()).as(body.toString()).isIn(200, 400);
      if (answer.statusCode() == 400) {
        assertThat(problem(answer, 400).getAsJsonArray("errors")).isNotEmpty();
      }
    }
    assertThat(edge.post("/v1/echo", valid).statusCode()).isEqualTo(200);
  }

  @Test
  void full_is503WithRetryAfter_andTheNextIsServed() throws Exception {
    GatewayConfig narrow = TestEdge.config(Map.of("inflight", "1", "streams", "1"));
    try (TestEdge small = new TestEdge(narrow)) {
      small.trial.gate = new CountDownLatch(1);
      CompletableFuture<HttpResponse<String>> first =
          CompletableFuture.supplyAsync(() -> small.get("/v1/echo?text=wait"));
      org.awaitility.Awaitility.await().until(() -> small.received("x-request-id") != null);

      HttpResponse<String> second = small.get("/v1/echo");

      assertThat(problem(second, 503).get("retry_after_ms").getAsLong()).isEqualTo(1000);
      assertThat(second.headers().firstValue("retry-after")).contains("1");
      small.trial.gate.countDown();
      assertThat(first.join().statusCode()).isEqualTo(200);
      assertThat(small.get("/v1/echo").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void drain_waitsForTheRunning_andRefusesTheNew() throws Exception {
    try (TestEdge stopping = new TestEdge(TestEdge.CONFIG)) {
      stopping.trial.gate = new CountDownLatch(1);
      CompletableFuture<HttpResponse<String>> running =
          CompletableFuture.supplyAsync(() -> stopping.get("/v1/echo?text=wait"));
      org.awaitility.Awaitility.await().until(() -> stopping.received("x-request-id") != null);
      CompletableFuture<Void> drained =
          CompletableFuture.runAsync(() -> {
            try {
              stopping.gateway().drain(Duration.ofSeconds(30));
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
      org.awaitility.Awaitility.await().until(() -> stopping.get("/v1/echo").statusCode() == 503);
      assertThat(drained).isNotDone();

      stopping.trial.gate.countDown();

      assertThat(running.join().statusCode()).isEqualTo(200);
      drained.join();
    }
  }

  @Test
  void drain_endsTheRunningAfterTheLimit() throws Exception {
    try (TestEdge stopping = new TestEdge(TestEdge.CONFIG)) {
      stopping.trial.gate = new CountDownLatch(1);
      CompletableFuture<HttpResponse<String>> running =
          CompletableFuture.supplyAsync(() -> stopping.get("/v1/echo?text=wait"));
      org.awaitility.Awaitility.await().until(() -> stopping.received("x-request-id") != null);

      stopping.gateway().drain(Duration.ofMillis(1));

      assertThat(problem(running.join(), 503).get("detail").getAsString())
          .isEqualTo("the gateway is stopping");
      stopping.trial.gate.countDown();
    }
  }

  static JsonObject problem(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
    JsonObject problem = JsonParser.parseString(answer.body()).getAsJsonObject();
    assertThat(problem.get("status").getAsInt()).isEqualTo(status);
    assertThat(problem.get("type").getAsString()).isEqualTo("about:blank");
    assertThat(problem.get("title").getAsString()).isNotBlank();
    assertThat(problem.get("detail").getAsString()).isNotBlank();
    assertThat(answer.headers().firstValue("x-request-id"))
        .contains(problem.get("instance").getAsString());
    return problem;
  }
}
