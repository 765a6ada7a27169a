package vesper.testing.vllm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/// What the server answers on which path.
final class Routes implements HttpListener.Handler {
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();
  private static final String JSON = "application/json";

  private final FakeVllm.Model model;
  private final boolean ollama;
  private final Engine engine;
  private final AtomicReference<Behaviour> behaviour;

  Routes(
      FakeVllm.Model model, boolean ollama, Engine engine, AtomicReference<Behaviour> behaviour) {
    this.model = model;
    this.ollama = ollama;
    this.engine = engine;
    this.behaviour = behaviour;
  }

  @Override
  public void answer(HttpRequest request, HttpConnection connection)
      throws IOException, InterruptedException {
    try {
      switch (request.path()) {
        case "/v1/chat/completions" ->
            engine.answer(request.path(), Ask.chat(posted(request)), connection);
        case "/v1/completions" ->
            engine.answer(request.path(), Ask.completion(posted(request)), connection);
        case "/v1/models" -> {
          get(request);
          reply(connection, 200, Map.of(), healthy(models()));
        }
        case "/health" -> {
          get(request);
          healthy(MAPPER.createObjectNode());
          connection.reply(200, Map.of(), "text/plain", new byte[0]);
        }
        case "/fake/behaviour" -> {
          if (request.method().equals("POST")) {
            behaviour.set(BehaviourJson.change(behaviour.get(), posted(request)));
          }
          reply(connection, 200, Map.of(), BehaviourJson.write(behaviour.get()));
        }
        case "/fake/requests" -> {
          get(request);
          reply(connection, 200, Map.of(), requests());
        }
        case "/metrics" -> metrics(request, connection);
        case "/api/tags" -> tags(request, connection);
        default -> throw noSuchPath(request);
      }
    } catch (Refused refusal) {
      refuse(refusal, connection);
    }
  }

  @Override
  public void refuse(Refused refusal, HttpConnection connection) throws IOException {
    ObjectNode body = MAPPER.createObjectNode();
    body.putObject("error")
        .put("message", refusal.getMessage())
        .put("type", refusal.type())
        .put("param", refusal.parameter())
        .put("code", refusal.status());
    Map<String, String> headers =
        refusal.retryAfter() == null
            ? Map.of()
            : Map.of("retry-after", String.valueOf(refusal.retryAfter().toSeconds()));
    reply(connection, refusal.status(), headers, body);
  }

  private void metrics(HttpRequest request, HttpConnection connection) throws IOException, Refused {
    if (ollama) {
      throw noSuchPath(request);
    }
    get(request);
    connection.reply(
        200,
        Map.of(),
        "text/plain; version=0.0.4; charset=utf-8",
        engine.metrics().getBytes(StandardCharsets.UTF_8));
  }

  private void tags(HttpRequest request, HttpConnection connection) throws IOException, Refused {
    if (!ollama) {
      throw noSuchPath(request);
    }
    get(request);
    ObjectNode tags = MAPPER.createObjectNode();
    tags.putArray("models").addObject().put("name", model.name()).put("model", model.name());
    reply(connection, 200, Map.of(), healthy(tags));
  }

  private ObjectNode models() {
    ObjectNode models = MAPPER.createObjectNode().put("object", "list");
    ObjectNode only =
        models
            .putArray("data")
            .addObject()
            .put("id", model.name())
            .put("object", "model")
            .put("created", Instant.now().getEpochSecond())
            .put("owned_by", "vesper");
    if (!ollama) {
      only.put("max_model_len", model.context());
    }
    return models;
  }

  private ArrayNode requests() {
    ArrayNode all = MAPPER.createArrayNode();
    for (SeenRequest seen : engine.journal().requests()) {
      ObjectNode one = all.addObject();
      one.put("number", seen.number()).put("path", seen.path()).put("stream", seen.stream());
      one.put("outcome", seen.outcome().name()).put("tokens", seen.tokens());
      one.put("started_at", seen.startedAt().toString());
      seen.endedAt().ifPresent(at -> one.put("ended_at", at.toString()));
      one.put("prompt", seen.prompt());
    }
    return all;
  }

  private <T> T healthy(T answer) throws Refused {
    Behaviour now = behaviour.get();
    if (!now.healthy()) {
      throw Refused.fault(503, now.faults().retryAfter());
    }
    return answer;
  }

  private static void get(HttpRequest request) throws Refused {
    if (!request.method().equals("GET")) {
      throw Refused.wrongMethod();
    }
  }

  private static JsonNode posted(HttpRequest request) throws IOException, Refused {
    if (!request.method().equals("POST")) {
      throw Refused.wrongMethod();
    }
    try {
      JsonNode body = MAPPER.readTree(request.body());
      if (body.isObject()) {
        return body;
      }
    } catch (JsonProcessingException invalid) {
      throw Refused.badRequest("", "the body is not JSON: " + invalid.getOriginalMessage());
    }
    throw Refused.badRequest("", "the body must be a JSON object");
  }

  private static Refused noSuchPath(HttpRequest request) {
    return Refused.notFound("", "There is no " + request.path());
  }

  private static void reply(
      HttpConnection connection, int status, Map<String, String> headers, JsonNode body)
      throws IOException {
    connection.reply(status, headers, JSON, body.toString().getBytes(StandardCharsets.UTF_8));
  }
}
