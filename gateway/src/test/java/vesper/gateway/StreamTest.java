package vesper.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.SplitHttpResponse;
import io.grpc.stub.StreamObserver;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import vesper.npc.v1.ConverseEvent;
import vesper.npc.v1.ConverseRequest;
import vesper.npc.v1.ConverseText;
import vesper.npc.v1.NpcsGrpc;

class StreamTest {
  private static TestEdge edge;

  @BeforeAll
  static void start() {
    edge = new TestEdge(TestEdge.CONFIG, new Talker());
  }

  @AfterAll
  static void stop() {
    edge.close();
  }

  private static final class Talker extends NpcsGrpc.NpcsImplBase {
    @Override
    public void converse(ConverseRequest request, StreamObserver<ConverseEvent> answer) {
      answer.onNext(
          ConverseEvent.newBuilder()
              .setText(
                  ConverseText.newBuilder().setText("\"" + request.getUtterance() + "\", you say?"))
              .build());
      answer.onCompleted();
    }
  }

  @Test
  void items_thenEnd() {
    HttpResponse<String> answer =
        edge.send(edge.request("/v1/count/1?to=3").header("Accept", "text/event-stream"));

    assertThat(answer.body())
        .isEqualTo(
            """
            event: item
            id: 1
            data: {"number":"1","padding":""}

            event: item
            id: 2
            data: {"number":"2","padding":""}

            event: end
            data: {}

            """);
    assertThat(answer.headers().firstValue("content-type")).contains("text/event-stream");
    assertThat(answer.headers().firstValue("cache-control")).contains("no-store");
    assertThat(answer.headers().firstValue("x-accel-buffering")).contains("no");
    assertThat(answer.headers().firstValue("x-request-id")).isPresent();
    assertThat(answer.headers().firstValue("traceparent").orElseThrow()).contains(TestEdge.TRACE);
  }

  @Test
  void noItems_isOnlyTheEnd() {
    assertThat(edge.get("/v1/count/3?to=3").body()).isEqualTo("event: end\ndata: {}\n\n");
  }

  @Test
  void overHttp2_isTheSame() throws Exception {
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      HttpResponse<String> answer =
          http.send(edge.request("/v1/count/1?to=100").build(), BodyHandlers.ofString());

      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(answer.body()).contains("id: 99\n").endsWith("event: end\ndata: {}\n\n");
    }
  }

  @Test
  void post_streamsToo() {
    HttpResponse<String> answer =
        edge.send(
            edge.request("/v1/worlds/w/npcs/mara:converse")
                .header("Content-Type", "application/json")
                .header("Accept", "text/event-stream")
                .POST(BodyPublishers.ofString("{\"utterance\":\"I'm here\"}")));

    assertThat(answer.body())
        .startsWith(
            """
            event: item
            id: 1
            data: {"text":{"seq":0,"text":"\\"I'm here\\", you say?"}}

            """);
  }

  @Test
  void lines_whenAskedFor() {
    HttpResponse<String> answer =
        edge.send(edge.request("/v1/count/1?to=3").header("Accept", "application/x-ndjson"));

    assertThat(answer.headers().firstValue("content-type")).contains("application/x-ndjson");
    assertThat(answer.body())
        .isEqualTo("{\"number\":\"1\",\"padding\":\"\"}\n{\"number\":\"2\",\"padding\":\"\"}\n");
  }

  @Test
  void failureBeforeTheFirstItem_isTheStatusOfTheAnswer() {
    JsonObject problem =
        JsonEdgeTest.problem(
            edge.send(edge.request("/v1/count/1?failAt=1").header("Accept", "text/event-stream")),
            400);

    assertThat(problem.get("reason").getAsString()).isEqualTo("COUNTED_OUT");
    JsonEdgeTest.problem(edge.get("/v1/count/one"), 400);
  }

  @Test
  void failureLater_isAnEvent() {
    HttpResponse<String> answer = edge.get("/v1/count/1?failAt=3");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("id: 2\n").doesNotContain("event: end");
    String last = answer.body().substring(answer.body().indexOf("event: error\ndata: "));
    JsonObject problem =
        JsonParser.parseString(last.substring("event: error\ndata: ".length()).strip())
            .getAsJsonObject();
    assertThat(problem.get("reason").getAsString()).isEqualTo("COUNTED_OUT");
    assertThat(problem.get("instance").getAsString())
        .isEqualTo(answer.headers().firstValue("x-request-id").orElseThrow());
  }

  @Test
  void failureLater_isTheLastLine() {
    HttpResponse<String> answer =
        edge.send(edge.request("/v1/count/1?failAt=2").header("Accept", "application/x-ndjson"));

    assertThat(answer.body()).contains("\n{\"problem\":{\"type\":\"about:blank\"").endsWith("}}\n");
  }

  @Test
  void timeoutOfTheClient_endsTheStream() {
    HttpResponse<String> answer =
        edge.send(edge.request("/v1/count/1?to=-1").header("X-Timeout-Ms", "100"));

    assertThat(answer.body()).contains("event: error").contains("DEADLINE_EXCEEDED");
  }

  @Test
  void silence_isBrokenByComments() throws Exception {
    try (TestEdge eager = new TestEdge(TestEdge.config(Map.of("heartbeat", "20ms")));
        Reader reader = new Reader(eager, "/v1/count/1?to=-1")) {
      reader.skipTo("id: 1");
      reader.skipTo(":");
      reader.skipTo(":");
    }
  }

  @Tag("GW-T3")
  @Test
  void slowReader_getsEveryItem_andMemoryStaysBounded() throws Exception {
    try (TestEdge patient = new TestEdge(TestEdge.config(Map.of("stall", "2m")));
        Reader reader = new Reader(patient, "/v1/count/1?to=10001&padding=4000")) {
      long[] seen = {-1};
      await()
          .pollInterval(Duration.ofMillis(300))
          .atMost(Duration.ofMinutes(1))
          .until(() -> {
            long before = seen[0];
            seen[0] = patient.trial.lastSent.get();
            return seen[0] > 0 && seen[0] == before;
          });
      assertThat(seen[0]).as("items sent while nobody reads").isLessThan(5_000);

      for (int number = 1; number <= 10_000; number++) {
        reader.skipTo("event: item");
        assertThat(reader.line()).isEqualTo("id: " + number);
        assertThat(reader.line()).startsWith("data: {\"number\":\"" + number + "\"");
      }
      reader.skipTo("event: end");
      assertThat(reader.rest()).isEqualTo("data: {}");
    }
  }

  @Tag("GW-T3")
  @Test
  void readerThatStalls_isGivenUp_andMakesRoom() throws Exception {
    GatewayConfig config = TestEdge.config(Map.of("stall", "200ms", "streams-each", "1"));
    try (TestEdge strict = new TestEdge(config);
        Reader reader = new Reader(strict, "/v1/count/1?padding=4000")) {
      await().atMost(Duration.ofMinutes(1)).until(() -> strict.trial.lastSent.get() > 0);
      await().atMost(Duration.ofMinutes(1)).until(() -> strict.trial.counting.get() == 0);
      assertThat(reader.rest()).doesNotContain("event: end");
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> strict.get("/v1/count/1?to=2").statusCode() == 200);
    }
  }

  @Tag("GW-T9")
  @Test
  void readersThatStall_holdNobodyElseUp() throws Exception {
    List<Reader> stalled = new ArrayList<>();
    try (TestEdge patient = new TestEdge(TestEdge.config(Map.of("stall", "5m")))) {
      for (int i = 0; i < 8; i++) {
        stalled.add(new Reader(patient, "/v1/count/1?padding=4000"));
      }
      await().atMost(Duration.ofMinutes(1)).until(() -> patient.trial.counting.get() == 8);

      for (int i = 0; i < 200; i++) {
        assertThat(patient.get("/v1/echo").statusCode()).isEqualTo(200);
      }
      HttpResponse<String> others =
          patient.send(patient.as("other", "/v1/count/1?to=10001&padding=100"));
      assertThat(others.body()).contains("\nid: 10000\n").endsWith("event: end\ndata: {}\n\n");
      assertThat(patient.trial.counting.get()).isEqualTo(8);
    } finally {
      for (Reader reader : stalled) {
        reader.close();
      }
    }
  }

  @Test
  void clientThatLeaves_cancelsTheCall() throws Exception {
    try (TestEdge own = new TestEdge(TestEdge.CONFIG)) {
      try (Reader reader = new Reader(own, "/v1/count/1?to=-1")) {
        reader.skipTo("id: 1");
        assertThat(own.trial.counting.get()).isEqualTo(1);
      }
      await().atMost(Duration.ofMinutes(1)).until(() -> own.trial.counting.get() == 0);
    }
  }

  @Test
  void clientOfHttp2ThatLeaves_cancelsTheCall() throws Exception {
    try (TestEdge own = new TestEdge(TestEdge.CONFIG)) {
      // The client of the JDK resets a stream only when something arrives on it.
      SplitHttpResponse answer =
          WebClient.of("h2c://127.0.0.1:" + own.uri().getPort())
              .prepare()
              .get("/v1/count/1?to=-1")
              .header("Authorization", "Bearer " + TestEdge.TOKEN)
              .execute()
              .split();
      assertThat(answer.headers().join().status().code()).isEqualTo(200);
      assertThat(own.trial.counting.get()).isEqualTo(1);

      answer.body().abort();

      await().atMost(Duration.ofMinutes(1)).until(() -> own.trial.counting.get() == 0);
    }
  }

  @Test
  void drain_tellsStreamsThatTheGatewayStops() throws Exception {
    try (TestEdge own = new TestEdge(TestEdge.CONFIG);
        Reader reader = new Reader(own, "/v1/count/1?to=-1")) {
      reader.skipTo("id: 1");
      CompletableFuture<String> rest = CompletableFuture.supplyAsync(reader::rest);

      own.gateway().drain(Duration.ofMillis(10));

      assertThat(rest.join()).contains("event: error").contains("the gateway is stopping");
    }
  }

  /// A client that reads when it is told to, with little room in its socket.
  private static final class Reader implements AutoCloseable {
    private final Socket socket = new Socket();
    private final BufferedReader lines;

    Reader(TestEdge edge, String target) throws IOException {
      socket.setReceiveBufferSize(8 * 1024);
      socket.setSoTimeout(60_000);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.uri().getPort()));
      String request =
          "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer %s\r\n\r\n"
              .formatted(target, TestEdge.TOKEN);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), 4096);
    }

    /// The next line that belongs to the stream, not to the chunks that carry it.
    String line() throws IOException {
      while (true) {
        String line = lines.readLine();
        assertThat(line).as("the stream goes on").isNotNull();
        if (!line.isEmpty() && !line.matches("[0-9a-f]+")) {
          return line;
        }
      }
    }

    void skipTo(String wanted) throws IOException {
      String line = line();
      while (!line.equals(wanted)) {
        line = line();
      }
    }

    /// Everything up to the end of the connection.
    String rest() {
      StringBuilder rest = new StringBuilder();
      try {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (!line.isEmpty() && !line.matches("[0-9a-f]+")) {
            rest.append(rest.isEmpty() ? "" : "\n").append(line);
          }
        }
      } catch (IOException e) {
        rest.append("\ncut: ").append(e.getClass().getSimpleName());
      }
      return rest.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
