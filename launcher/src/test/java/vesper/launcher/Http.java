package vesper.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A stranger's HTTP client.
final class Http implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI gateway;

  Http(URI gateway) {
    this.gateway = gateway;
  }

  /// Registers a guest and returns its access token.
  String login(String device) throws Exception {
    String secret =
        Base64.getEncoder()
            .encodeToString(
                (device + "-".repeat(64)).substring(0, 40).getBytes(StandardCharsets.UTF_8));
    HttpResponse<String> answer =
        post(
            "/v1/auth/login",
            "",
            """
            {"device": {"id": "device-%s", "secret": "%s"}, "create": true}
            """
                .formatted(device, secret));
    return JSON.readTree(answer.body()).path("accessToken").asText();
  }

  HttpResponse<String> post(String path, String token, String json) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(gateway.resolve(path))
            .timeout(Duration.ofSeconds(30))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json));
    return send(request, token);
  }

  /// Reads a stream of events to its end.
  void stream(String path, String token, String json, Consumer<JsonNode> item) throws Exception {
    HttpResponse<Stream<String>> answer =
        client.send(
            HttpRequest.newBuilder(gateway.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("authorization", "Bearer " + token)
                .header("content-type", "application/json")
                .header("accept", "text/event-stream")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build(),
            HttpResponse.BodyHandlers.ofLines());
    String event = "";
    for (String line : (Iterable<String>) answer.body()::iterator) {
      if (line.startsWith("event: ")) {
        event = line.substring("event: ".length());
      } else if (line.startsWith("data: ") && event.equals("item")) {
        item.accept(JSON.readTree(line.substring("data: ".length())));
      }
    }
  }

  HttpResponse<String> get(String path, String token) throws Exception {
    return send(
        HttpRequest.newBuilder(gateway.resolve(path)).timeout(Duration.ofSeconds(30)).GET(), token);
  }

  static JsonNode json(HttpResponse<String> answer) throws Exception {
    return JSON.readTree(answer.body());
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String token) throws Exception {
    if (!token.isEmpty()) {
      request.header("authorization", "Bearer " + token);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    client.close();
  }
}
