package vesper.ai;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import vesper.airouter.v1.OutcomeResult;

class OpenAiBackendTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final String HEAD = "data: {\"choices\":[{\"index\":0,\"delta\":";

  private final HttpServer server;
  private final CompletableFuture<JsonObject> body = new CompletableFuture<>();
  private final CompletableFuture<Optional<String>> authorization = new CompletableFuture<>();

  OpenAiBackendTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  @Test
  void stream_asksAsTheProtocolWants() throws Exception {
    answer(
        200, "", HEAD + "{\"content\":\"Hm.\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
    run(Optional.of("sesame"));
    JsonObject asked = body.get(30, TimeUnit.SECONDS);
    assertThat(asked.get("model").getAsString()).isEqualTo("tiny");
    assertThat(asked.get("stream").getAsBoolean()).isTrue();
    assertThat(asked.getAsJsonObject("stream_options").get("include_usage").getAsBoolean())
        .isTrue();
    assertThat(asked.get("max_tokens").getAsInt()).isEqualTo(16);
    assertThat(asked.get("seed").getAsInt()).isEqualTo(7);
    assertThat(asked.get("temperature").getAsDouble()).isEqualTo(.5);
    assertThat(asked.get("stop").getAsJsonArray()).hasSize(1);
    assertThat(asked.getAsJsonArray("messages")).hasSize(2);
    assertThat(authorization.get(30, TimeUnit.SECONDS)).contains("Bearer sesame");
  }

  @Test
  void stream_withoutAKey_sendsNone() throws Exception {
    answer(200, "", HEAD + "{\"content\":\"Hm.\"},\"finish_reason\":\"length\"}]}\n\n");
    Heard heard = run(Optional.empty());
    assertThat(authorization.get(30, TimeUnit.SECONDS)).isEmpty();
    assertThat(heard.tokens).containsExactly("Hm.");
    assertThat(heard.ended())
        .isInstanceOfSatisfying(
            Backend.End.Complete.class, complete -> assertThat(complete.cut()).isTrue());
  }

  @Test
  void stream_theRequestIsRefused_saysNothingAgainstTheServer() throws Exception {
    answer(400, "", "{\"error\": {\"message\": \"too long\"}}");
    assertThat(failure(run(Optional.empty())))
        .isEqualTo(new Failure("http-400", OutcomeResult.OUTCOME_RESULT_REFUSED, Optional.empty()));
  }

  @Test
  void stream_theServerWantsToBeLeftAlone_saysForHowLong() throws Exception {
    answer(429, "12", "");
    assertThat(failure(run(Optional.empty())).retryAfter()).contains(Duration.ofSeconds(12));
  }

  @Test
  void stream_theAnswerIsAPage_isMalformed() throws Exception {
    answer(200, "", "<html><body>It works!</body></html>");
    assertThat(failure(run(Optional.empty()))).isEqualTo(Failure.MALFORMED);
  }

  @Test
  void stream_theEndIsMissing_isDisconnected() throws Exception {
    answer(200, "", HEAD + "{\"content\":\"Hm.\"}}]}\n\n");
    Heard heard = run(Optional.empty());
    assertThat(heard.tokens).containsExactly("Hm.");
    assertThat(failure(heard)).isEqualTo(Failure.DISCONNECTED);
  }

  @Test
  void stream_nobodyListens_isConnect() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    Heard heard = new Heard();
    backend(port, Optional.empty()).stream(call(), heard);
    assertThat(failure(heard)).isEqualTo(Failure.CONNECT);
  }

  @Test
  void cancel_beforeTheServerAnswers_endsOnce() throws Exception {
    CompletableFuture<Boolean> arrived = new CompletableFuture<>();
    server.createContext("/", exchange -> arrived.complete(true));
    server.start();
    Heard heard = new Heard();
    Backend.Running running =
        backend(server.getAddress().getPort(), Optional.empty()).stream(call(), heard);
    arrived.get(30, TimeUnit.SECONDS);
    running.cancel();
    running.cancel();
    assertThat(failure(heard)).isEqualTo(Failure.CANCELLED);
  }

  private void answer(int status, String retryAfter, String text) {
    server.createContext("/", exchange -> reply(exchange, status, retryAfter, text));
    server.start();
  }

  private void reply(HttpExchange exchange, int status, String retryAfter, String text)
      throws IOException {
    authorization.complete(
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("authorization")));
    body.complete(
        JsonParser.parseString(
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8))
            .getAsJsonObject());
    if (!retryAfter.isEmpty()) {
      exchange.getResponseHeaders().set("retry-after", retryAfter);
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private Heard run(Optional<String> key) throws Exception {
    Heard heard = new Heard();
    backend(server.getAddress().getPort(), key).stream(call(), heard);
    heard.end.get(30, TimeUnit.SECONDS);
    return heard;
  }

  private static OpenAiBackend backend(int port, Optional<String> key) {
    return new OpenAiBackend(
        "http://127.0.0.1:" + port + "/v1",
        "tiny",
        key,
        new BlockingHttp.Builder(HttpClient.newHttpClient(), LONG, LONG));
  }

  private static Backend.Call call() {
    return new Backend.Call("Be brief.", "Well?", 16, .5, .9, List.of("\n"), 7);
  }

  private static Failure failure(Heard heard) throws Exception {
    return ((Backend.End.Failed) heard.ended()).failure();
  }

  private static final class Heard implements Backend.Sink {
    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Backend.End> end = new CompletableFuture<>();

    @Override
    public void token(String text) {
      tokens.add(text);
    }

    @Override
    public void end(Backend.End last) {
      if (!end.complete(last)) {
        throw new IllegalStateException("a generation ended twice");
      }
    }

    Backend.End ended() throws Exception {
      return end.get(30, TimeUnit.SECONDS);
    }
  }
}
