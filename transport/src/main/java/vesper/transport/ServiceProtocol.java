package vesper.transport;

import io.grpc.Status;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.support.JsonSerializable;
import io.nats.client.support.JsonUtils;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/// Answers `$SRV.PING`, `$SRV.INFO` and `$SRV.STATS` for one server (NATS ADR-32), so that standard
/// tools and [Discovery] find it. Error texts are status codes only.
final class ServiceProtocol {
  static final String PREFIX = "$SRV.";

  /// Metadata key: whether the server is in its queue groups.
  static final String SERVING = "vesper-serving";

  /// Metadata key: what the server serves, comma-separated.
  static final String DOMAINS = "vesper-domains";

  private static final String TYPE = "io.nats.micro.v1.";

  private final String name;
  private final String id;
  private final String version;
  private final String domains;
  private final List<Endpoint<?, ?>> endpoints;
  private final BooleanSupplier serving;
  private final Map<String, String> metadata;
  private final Instant started = Instant.now();

  /// Who answers.
  ///
  /// @param metadata shown beside the keys of this class
  record Identity(String name, String id, String version, Map<String, String> metadata) {}

  /// @param serving whether the server is in its queue groups now
  ServiceProtocol(Identity identity, List<Endpoint<?, ?>> endpoints, BooleanSupplier serving) {
    this.name = identity.name();
    this.id = identity.id();
    this.version = identity.version();
    this.metadata = identity.metadata();
    this.endpoints = endpoints;
    this.serving = serving;
    this.domains =
        String.join(
            ",", endpoints.stream().map(e -> e.route.domain()).distinct().sorted().toList());
  }

  void subscribe(Dispatcher dispatcher) {
    Map<String, Function<Message, String>> verbs =
        Map.of("PING", m -> ping(), "INFO", m -> info(), "STATS", m -> stats());
    verbs.forEach((verb, answer) -> {
      String all = PREFIX + verb;
      for (String subject : List.of(all, all + "." + name, all + "." + name + "." + id)) {
        dispatcher.subscribe(subject, request -> reply(request, answer.apply(request)));
      }
    });
  }

  private static void reply(Message request, String json) {
    String replyTo = request.getReplyTo();
    if (replyTo != null) {
      Wire.publish(
          request.getConnection(), replyTo, null, null, json.getBytes(StandardCharsets.UTF_8));
    }
  }

  private String ping() {
    return JsonUtils.endJson(header("ping_response")).toString();
  }

  private StringBuilder header(String type) {
    StringBuilder json = JsonUtils.beginJson();
    JsonUtils.addField(json, "type", TYPE + type);
    JsonUtils.addField(json, "name", name);
    JsonUtils.addField(json, "id", id);
    JsonUtils.addField(json, "version", version);
    Map<String, String> shown = new TreeMap<>(metadata);
    shown.put(SERVING, Boolean.toString(serving.getAsBoolean()));
    shown.put(DOMAINS, domains);
    JsonUtils.addField(json, "metadata", shown);
    return json;
  }

  private String info() {
    StringBuilder json = header("info_response");
    JsonUtils.addJsons(json, "endpoints", each(endpoint -> address(endpoint)), true);
    return JsonUtils.endJson(json).toString();
  }

  private List<JsonSerializable> each(Function<Endpoint<?, ?>, StringBuilder> description) {
    return endpoints.stream()
        .<JsonSerializable>map(e -> () -> JsonUtils.endJson(description.apply(e)).toString())
        .toList();
  }

  private static StringBuilder address(Endpoint<?, ?> endpoint) {
    StringBuilder json = JsonUtils.beginJson();
    JsonUtils.addField(json, "name", endpoint.method.getBareMethodName());
    JsonUtils.addField(json, "subject", endpoint.route.subject());
    JsonUtils.addField(json, "queue_group", endpoint.route.queueGroup());
    return json;
  }

  private String stats() {
    StringBuilder json = header("stats_response");
    JsonUtils.addField(json, "started", started.atZone(ZoneOffset.UTC));
    JsonUtils.addJsons(json, "endpoints", each(endpoint -> measure(endpoint)), true);
    return JsonUtils.endJson(json).toString();
  }

  private static StringBuilder measure(Endpoint<?, ?> endpoint) {
    long requests = endpoint.requests();
    Status.Code lastError = endpoint.lastError();
    StringBuilder json = address(endpoint);
    JsonUtils.addField(json, "num_requests", requests);
    JsonUtils.addField(json, "num_errors", endpoint.errors());
    JsonUtils.addField(json, "processing_time", endpoint.nanos());
    JsonUtils.addField(
        json, "average_processing_time", requests == 0 ? 0 : endpoint.nanos() / requests);
    JsonUtils.addField(json, "last_error", lastError == null ? "" : lastError.name());
    return json;
  }
}
