package vesper.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vesper.gateway.trial.v1.CountRequest;
import vesper.gateway.trial.v1.Item;
import vesper.gateway.trial.v1.Kinds;

/// What pages in browsers need: CORS, compression, gRPC-Web.
class BrowserTest {
  private static final String ORIGIN = "https://play.example";
  private static TestEdge edge;

  @BeforeAll
  static void start() {
    edge = new TestEdge(TestEdge.config(Map.of("cors.origins", ORIGIN)));
  }

  @AfterAll
  static void stop() {
    edge.close();
  }

  /// A message of gRPC-Web: of the call, or its trailers.
  private record Frame(boolean trailers, ByteString content) {
    String text() {
      return content.toStringUtf8();
    }
  }

  @Tag("GW-T7")
  @Test
  void preflight_ofAListedOrigin_isAllowedForTenMinutes() {
    HttpResponse<String> answer = preflight(edge, ORIGIN);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("access-control-allow-origin")).contains(ORIGIN);
    assertThat(answer.headers().firstValue("access-control-max-age")).contains("600");
    assertThat(answer.headers().firstValue("access-control-allow-methods").orElseThrow())
        .contains("POST");
    assertThat(answer.headers().firstValue("access-control-allow-headers").orElseThrow())
        .contains("authorization", "idempotency-key");
    assertThat(answer.headers().firstValue("access-control-allow-credentials")).isEmpty();
  }

  @Tag("GW-T7")
  @Test
  void otherOrigins_getNoPermission() {
    HttpResponse<String> preflight = preflight(edge, "https://elsewhere.example");
    assertThat(preflight.headers().firstValue("access-control-allow-origin")).isEmpty();

    HttpResponse<String> call =
        edge.send(edge.request("/v1/echo").header("Origin", "https://elsewhere.example"));
    assertThat(call.headers().firstValue("access-control-allow-origin")).isEmpty();
  }

  @Test
  void byDefault_noOriginIsListed() {
    try (TestEdge closed = new TestEdge(TestEdge.CONFIG)) {
      HttpResponse<String> preflight = preflight(closed, ORIGIN);
      assertThat(preflight.headers().firstValue("access-control-allow-origin")).isEmpty();
      assertThat(preflight.statusCode()).isEqualTo(405);
    }
  }

  @Test
  void answersAndProblems_mayBeReadByAListedOrigin() {
    for (String target : List.of("/v1/echo", "/v1/nothing", "/v1/count/1?to=2")) {
      HttpResponse<String> answer = edge.send(edge.request(target).header("Origin", ORIGIN));
      assertThat(answer.headers().firstValue("access-control-allow-origin")).contains(ORIGIN);
      assertThat(answer.headers().firstValue("access-control-expose-headers").orElseThrow())
          .contains("x-request-id", "retry-after");
    }
  }

  private static HttpResponse<String> preflight(TestEdge edge, String origin) {
    return edge.send(
        edge.anonymous("/v1/echo")
            .method("OPTIONS", BodyPublishers.noBody())
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "POST")
            .header("Access-Control-Request-Headers", "authorization, content-type"));
  }

  @Test
  void longAnswers_areCompressedForThoseWhoAccept() throws Exception {
    String text = "lamp ".repeat(1000);
    HttpRequest.Builder echo = edge.request("/v1/echo?text=" + "lamp+".repeat(300));

    HttpResponse<byte[]> packed =
        edge.http.send(echo.header("Accept-Encoding", "gzip").build(), BodyHandlers.ofByteArray());
    assertThat(packed.headers().firstValue("content-encoding")).contains("gzip");
    assertThat(packed.body().length).isLessThan(700);
    String body =
        new String(
            new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes(),
            StandardCharsets.UTF_8);
    assertThat(body).contains(text.substring(0, 100));

    HttpResponse<String> plain = edge.get("/v1/echo?text=" + "lamp+".repeat(300));
    assertThat(plain.headers().firstValue("content-encoding")).isEmpty();
    assertThat(plain.body()).isEqualTo(body);
  }

  @Test
  void shortAnswersAndStreams_areNotCompressed() {
    for (String target : List.of("/v1/echo", "/v1/count/1?to=100&padding=100")) {
      HttpResponse<String> answer =
          edge.send(edge.request(target).header("Accept-Encoding", "gzip"));
      if (target.startsWith("/v1/count")) {
        assertThat(answer.headers().firstValue("content-encoding")).isEmpty();
        assertThat(answer.body()).endsWith("event: end\ndata: {}\n\n");
      }
    }
  }

  @Tag("GW-T1")
  @ParameterizedTest
  @ValueSource(strings = {"application/grpc-web+proto", "application/grpc-web-text+proto"})
  void grpcWeb_answersInMessagesAndTrailers(String type) throws Exception {
    Kinds kinds = Kinds.newBuilder().setText("over the web").build();

    List<Frame> frames = call(type, "Echo", kinds.toByteArray());

    assertThat(frames).hasSize(2);
    assertThat(Kinds.parseFrom(frames.getFirst().content())).isEqualTo(kinds);
    assertThat(frames.getLast().trailers()).isTrue();
    assertThat(frames.getLast().text()).contains("grpc-status: 0").contains("x-request-id");
  }

  @Tag("GW-T1")
  @ParameterizedTest
  @ValueSource(strings = {"application/grpc-web+proto", "application/grpc-web-text+proto"})
  void grpcWeb_streams(String type) throws Exception {
    CountRequest request = CountRequest.newBuilder().setFrom(1).setTo(501).build();

    List<Frame> frames = call(type, "Count", request.toByteArray());

    assertThat(frames).hasSize(501);
    for (int i = 0; i < 500; i++) {
      assertThat(Item.parseFrom(frames.get(i).content()).getNumber()).isEqualTo(i + 1);
    }
    assertThat(frames.getLast().text()).contains("grpc-status: 0");
  }

  @Tag("GW-T1")
  @Test
  void grpcWeb_refusalsAreStatuses() throws Exception {
    HttpResponse<byte[]> unknown =
        edge.http.send(
            web("application/grpc-web+proto", "Nothing", new byte[0]), BodyHandlers.ofByteArray());
    assertThat(unknown.statusCode()).isEqualTo(200);
    assertThat(unknown.headers().firstValue("grpc-status")).contains("12");

    CountRequest request = CountRequest.newBuilder().setFrom(1).setFailAt(3).build();
    List<Frame> frames = call("application/grpc-web+proto", "Count", request.toByteArray());
    assertThat(frames).hasSize(3);
    assertThat(frames.getLast().text()).contains("grpc-status: 9", "no more numbers");
  }

  @Test
  void grpcWeb_isLimitedToo() throws Exception {
    try (TestEdge small = new TestEdge(TestEdge.config(Map.of("rate.writes", "3")))) {
      JsonEdgeTest.problem(twice(small), 429);
      HttpRequest request =
          HttpRequest.newBuilder(small.uri().resolve("/vesper.gateway.trial.v1.Trial/Echo"))
              .header("Authorization", "Bearer " + TestEdge.TOKEN)
              .header("Content-Type", "application/grpc-web+proto")
              .POST(BodyPublishers.ofByteArray(framed(new byte[0])))
              .build();
      HttpResponse<byte[]> answer = small.http.send(request, BodyHandlers.ofByteArray());
      String all = new String(answer.body(), StandardCharsets.US_ASCII) + answer.headers().map();
      assertThat(all).contains("grpc-status").containsAnyOf("grpc-status: 8", "grpc-status=[8]");
    }
  }

  private static HttpResponse<String> twice(TestEdge edge) {
    JsonObject first = JsonEdgeTest.problem(edge.get("/v1/nothing"), 404);
    assertThat(first.get("reason").getAsString()).isEqualTo("NO_SUCH_PATH");
    assertThat(edge.get("/v1/echo").statusCode()).isEqualTo(200);
    return edge.get("/v1/echo");
  }

  private static List<Frame> call(String type, String method, byte[] message) throws Exception {
    HttpResponse<byte[]> answer =
        edge.http.send(web(type, method, message), BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type").orElseThrow())
        .startsWith(type.substring(0, type.indexOf('+')));
    return frames(type.contains("text") ? decoded(answer.body()) : answer.body());
  }

  private static HttpRequest web(String type, String method, byte[] message) throws IOException {
    byte[] body = framed(message);
    return edge.request("/vesper.gateway.trial.v1.Trial/" + method)
        .header("Content-Type", type)
        .header("X-Grpc-Web", "1")
        .POST(
            BodyPublishers.ofByteArray(
                type.contains("text") ? Base64.getEncoder().encode(body) : body))
        .build();
  }

  private static byte[] framed(byte[] message) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(0);
    frame.write(ByteBuffer.allocate(4).putInt(message.length).array());
    frame.write(message);
    return frame.toByteArray();
  }

  // Each chunk of the text is padded by itself.
  private static byte[] decoded(byte[] text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length; i += 4) {
      bytes.writeBytes(
          Base64.getDecoder().decode(new String(text, i, 4, StandardCharsets.US_ASCII)));
    }
    return bytes.toByteArray();
  }

  private static List<Frame> frames(byte[] body) {
    List<Frame> frames = new ArrayList<>();
    ByteBuffer left = ByteBuffer.wrap(body);
    while (left.hasRemaining()) {
      boolean trailers = (left.get() & 0x80) != 0;
      byte[] content = new byte[left.getInt()];
      left.get(content);
      frames.add(new Frame(trailers, ByteString.copyFrom(content)));
    }
    return frames;
  }
}
