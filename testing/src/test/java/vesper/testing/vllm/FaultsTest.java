package vesper.testing.vllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import vesper.testing.vllm.SeenRequest.Outcome;

class FaultsTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String MODEL = "fake-7b";
  private static final String HELLO = Client.chat(MODEL, "Who lit the lamps?").toString();
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final Duration HOUR = Duration.ofHours(1);

  private final FakeVllm server = FakeVllm.builder().slots(1, 1).start();
  private final Client client = new Client(server.url());

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Test
  void errors_haveTheirStatusAndTheTimeToWait() throws Exception {
    faults(Faults.NONE.withErrors(1, 429).withRetryAfter(Duration.ofSeconds(7)));
    HttpResponse<String> refused = client.post(CHAT, HELLO);
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("retry-after")).contains("7");
    assertThat(Client.json(refused.body()).at("/error/code").asInt()).isEqualTo(429);
    assertThat(server.requests().getLast().outcome()).isEqualTo(Outcome.REFUSED);
    faults(Faults.NONE.withErrors(1, 500));
    assertThat(client.post(CHAT, HELLO).statusCode()).isEqualTo(500);
  }

  @Test
  void errorRate_isMetAndFollowsTheSeed() throws Exception {
    faults(Faults.NONE.withErrors(0.3, 0));
    List<Integer> first = statuses(server);
    assertThat(first.stream().filter(status -> status != 200).count()).isBetween(40L, 80L);
    assertThat(first).contains(429, 500, 503);
    try (FakeVllm again = FakeVllm.builder().start()) {
      again.behave(now -> now.withFaults(Faults.NONE.withErrors(0.3, 0)));
      assertThat(statuses(again)).isEqualTo(first);
    }
  }

  @Test
  void clientLeaves_duringASilence_isNoticedWithoutAWrite() throws Exception {
    faults(Faults.NONE.withStalls(1, HOUR));
    try (Socket stream = stream()) {
      readUntil(stream.getInputStream(), "content");
      assertThat(server.running()).isEqualTo(1);
    }
    await().atMost(BOUND).until(() -> server.cancelled() == 1);
    SeenRequest seen = server.requests().getLast();
    assertThat(seen.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(seen.endedAt()).isPresent();
    await().atMost(BOUND).until(() -> server.running() == 0 && server.openConnections() == 0);
  }

  @Test
  void clientLeaves_beforeTheFirstToken_freesItsSlot() throws Exception {
    server.behave(now -> now.withTimes(HOUR, Duration.ZERO));
    Socket first = stream();
    await().atMost(BOUND).until(() -> server.running() == 1);
    Socket second = stream();
    await().atMost(BOUND).until(() -> server.waiting() == 1);
    assertThat(client.post(CHAT, HELLO).statusCode()).isEqualTo(503);
    second.close();
    await().atMost(BOUND).until(() -> server.waiting() == 0);
    first.close();
    server.behave(now -> now.withTimes(Duration.ZERO, Duration.ZERO));
    await().atMost(BOUND).until(() -> server.running() == 0);
    assertThat(client.post(CHAT, HELLO).statusCode()).isEqualTo(200);
  }

  @Test
  void disconnect_cutsTheStreamInTheMiddle() {
    faults(Faults.NONE.withDisconnects(1));
    assertThatThrownBy(() -> client.events(CHAT, Client.chat(MODEL, "Who lit the lamps?")))
        .isInstanceOf(IOException.class);
    SeenRequest seen = server.requests().getLast();
    assertThat(seen.outcome()).isEqualTo(Outcome.CUT);
    assertThat(seen.tokens()).isPositive();
  }

  @Test
  void malformed_breaksOnePiece() throws Exception {
    faults(Faults.NONE.withMalformed(1));
    List<String> events = client.events(CHAT, Client.chat(MODEL, "Who lit the lamps?"));
    assertThat(events).filteredOn(event -> event.endsWith("{\"del")).hasSize(1);
    assertThat(events.getLast()).isEqualTo("[DONE]");
    assertThatThrownBy(() -> Client.json(client.post(CHAT, HELLO).body()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void close_inTheMiddleOfAnAnswer_cutsItAndFreesThePort() throws Exception {
    faults(Faults.NONE.withStalls(1, HOUR));
    try (ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<String>> answer =
          tasks.submit(() -> client.events(CHAT, Client.chat(MODEL, "Who lit the lamps?")));
      await().atMost(BOUND).until(() -> server.running() == 1);
      server.close();
      assertThatThrownBy(answer::get).hasCauseInstanceOf(IOException.class);
    }
    assertThat(server.requests().getLast().outcome()).isEqualTo(Outcome.CUT);
    try (FakeVllm again = FakeVllm.builder().port(server.port()).start()) {
      assertThat(client.post(CHAT, HELLO).statusCode()).isEqualTo(200);
      assertThat(again.requests()).hasSize(1);
    }
  }

  @Test
  void unhealthy_answersNoProbe() throws Exception {
    server.behave(now -> now.withHealthy(false));
    assertThat(client.get("/health").statusCode()).isEqualTo(503);
    assertThat(client.get("/v1/models").statusCode()).isEqualTo(503);
    server.behave(now -> now.withHealthy(true));
    assertThat(client.get("/health").statusCode()).isEqualTo(200);
  }

  @Test
  void behaviour_isChangedWhileItRuns() throws Exception {
    String path = "/fake/behaviour";
    HttpResponse<String> changed =
        client.post(path, "{\"first_token_ms\": 2.5, \"stall_rate\": 0.25, \"obey\": true}");
    assertThat(changed.statusCode()).isEqualTo(200);
    assertThat(server.behaviour().firstToken()).isEqualTo(Duration.ofNanos(2_500_000));
    assertThat(server.behaviour().faults().stallRate()).isEqualTo(0.25);
    assertThat(server.behaviour().obey()).isTrue();
    JsonNode told = Client.json(client.get(path).body());
    assertThat(BehaviourJson.change(Behaviour.AT_ONCE, told)).isEqualTo(server.behaviour());
    for (String wrong :
        List.of(
            "{\"stal_rate\": 1}",
            "{\"stall_rate\": 2}",
            "{\"stall_rate\": \"1\"}",
            "{\"error_status\": 418}",
            "{\"first_token_ms\": -1}",
            "{\"mean_tokens\": 0}",
            "[]",
            "{")) {
      assertThat(client.post(path, wrong).statusCode()).as(wrong).isEqualTo(400);
    }
    assertThat(server.behaviour().faults().stallRate()).isEqualTo(0.25);
  }

  @Test
  void wrongRequests_areRefused() throws Exception {
    assertThat(client.post(CHAT, "{").statusCode()).isEqualTo(400);
    assertThat(client.post(CHAT, Client.chat(MODEL).toString()).statusCode()).isEqualTo(400);
    assertThat(client.post(CHAT, Client.chat("other", "Hello").toString()).statusCode())
        .isEqualTo(404);
    assertThat(client.post(CHAT, Client.chat(MODEL, "Hi").put("n", 2).toString()).statusCode())
        .isEqualTo(400);
    assertThat(client.get(CHAT).statusCode()).isEqualTo(405);
    assertThat(client.get("/v2/models").statusCode()).isEqualTo(404);
    assertThat(client.post(CHAT, Client.chat(MODEL, "lamp ".repeat(9_000)).toString()).statusCode())
        .isEqualTo(400);
    assertThat(
            client
                .post(CHAT, Client.chat(MODEL, "Hi").put("max_tokens", 8_192).toString())
                .statusCode())
        .isEqualTo(400);
    assertThat(client.post(CHAT, "x".repeat(1_100_000)).statusCode()).isEqualTo(413);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FakeVllm.builder().model("a \"name\"").start());
  }

  private void faults(Faults faults) {
    server.behave(now -> now.withFaults(faults));
  }

  private static List<Integer> statuses(FakeVllm from) throws Exception {
    List<Integer> statuses = new ArrayList<>();
    try (Client calls = new Client(from.url())) {
      for (int n = 0; n < 200; n++) {
        statuses.add(calls.post(CHAT, HELLO).statusCode());
      }
    }
    return statuses;
  }

  /// Asks for a stream over a connection of its own.
  private Socket stream() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    byte[] body =
        Client.chat(MODEL, "Who lit the lamps?")
            .put("stream", true)
            .toString()
            .getBytes(StandardCharsets.UTF_8);
    String head =
        "POST " + CHAT + " HTTP/1.1\r\nhost: x\r\ncontent-length: " + body.length + "\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(body);
    return socket;
  }

  private static void readUntil(InputStream in, String word) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(word) < 0) {
      int next = in.read();
      assertThat(next).isNotNegative();
      read.append((char) next);
    }
  }
}
