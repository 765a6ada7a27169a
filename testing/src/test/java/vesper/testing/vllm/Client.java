package vesper.testing.vllm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

/// Calls a fake server as any program would.
final class Client implements AutoCloseable {
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI url;

  Client(URI url) {
    this.url = url;
  }

  static ObjectNode chat(String model, String... userTexts) {
    ObjectNode body = MAPPER.createObjectNode().put("model", model);
    for (String text : userTexts) {
      body.withArray("messages").addObject().put("role", "user").put("content", text);
    }
    return body;
  }

  static JsonNode json(String text) throws IOException {
    return MAPPER.readTree(text);
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(url.resolve(path)).build(), BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return http.send(posting(path, body), BodyHandlers.ofString());
  }

  /// Says something and returns the text of the answer.
  String say(ObjectNode body) throws IOException, InterruptedException {
    return json(post("/v1/chat/completions", body.toString()).body())
        .at("/choices/0/message/content")
        .asText();
  }

  /// Returns the data of all events of a stream.
  List<String> events(String path, ObjectNode body) throws IOException, InterruptedException {
    HttpResponse<String> response = post(path, body.put("stream", true).toString());
    return response
        .body()
        .lines()
        .filter(line -> line.startsWith("data: "))
        .map(line -> line.substring(6))
        .toList();
  }

  private HttpRequest posting(String path, String body) {
    return HttpRequest.newBuilder(url.resolve(path))
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
