package vesper.gateway.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.api.HttpBody;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.MethodDescriptor;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import vesper.gateway.openapi.Shared.Failure;
import vesper.gateway.transcoding.FieldPath;
import vesper.gateway.transcoding.HttpRoute;
import vesper.gateway.transcoding.WellKnown;
import vesper.options.v1.Access;
import vesper.options.v1.IdempotencyKey;
import vesper.options.v1.OptionsProto;

/// Describes routes one by one.
final class Operations {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Pattern MISSING = Pattern.compile("\\bNOT_FOUND\\b");
  private static final Pattern CONFLICT = Pattern.compile("\\b(ABORTED|ALREADY_EXISTS)\\b");

  private final Comments comments;
  private final Schemas schemas;
  private final Examples examples;
  private final Map<String, Integer> described = new HashMap<>();

  Operations(Comments comments, Schemas schemas, Examples examples) {
    this.comments = comments;
    this.schemas = schemas;
    this.examples = examples;
  }

  /// The operation that a route is.
  ObjectNode of(HttpRoute route) {
    MethodDescriptor contract = route.rpc().contract();
    String comment = comments.of(contract.getFullName());
    ObjectNode operation = JSON.objectNode();
    operation.put("operationId", operationId(contract));
    operation.putArray("tags").add(route.rpc().service());
    String summary = Comments.firstSentence(comment);
    operation.put("summary", summary.isEmpty() ? contract.getName() : summary);
    operation.put("description", description(route, comment));
    ArrayNode parameters = JSON.arrayNode();
    Set<String> bound = new HashSet<>();
    for (FieldPath field : route.pathFields()) {
      bound.add(field.json());
      parameters.add(parameter(field, "path", true));
    }
    boolean wholeBody = route.takesBody() && route.bodyField() == null;
    if (!wholeBody) {
      addQuery(route, bound, parameters);
    }
    addHeaders(route, parameters);
    operation.set("parameters", parameters);
    if (route.takesBody()) {
      operation.set("requestBody", body(route, bound));
    }
    operation.set("responses", responses(route, comment));
    ArrayNode security = operation.putArray("security");
    if (!route.rpc().anonymous()) {
      security.addObject().putArray(Shared.TOKEN);
    }
    return operation;
  }

  // The second route to the same rpc gets a number.
  private String operationId(MethodDescriptor contract) {
    String[] packages = contract.getFile().getPackage().split("\\.", -1);
    String domain = packages.length > 1 ? packages[packages.length - 2] : packages[0];
    String name = domain + contract.getName();
    int count = described.merge(name, 1, Integer::sum);
    return count == 1 ? name : name + count;
  }

  private static String description(HttpRoute route, String comment) {
    MethodDescriptor contract = route.rpc().contract();
    List<String> parts = new ArrayList<>();
    parts.add(comment);
    Access access = contract.getOptions().getExtension(OptionsProto.access);
    parts.add("For " + Callers.describe(access) + ".");
    String seconds = Callers.seconds(route.rpc().deadline());
    parts.add(
        route.rpc().streams()
            ? "A stream; the service is silent for at most %s.".formatted(seconds)
            : "Answers within %s unless `X-Timeout-Ms` says otherwise.".formatted(seconds));
    parts.add("gRPC: `%s`.".formatted(route.rpc().name()));
    return parts.stream().filter(part -> !part.isEmpty()).collect(Collectors.joining("\n\n"));
  }

  private ObjectNode parameter(FieldPath field, String place, boolean required) {
    FieldDescriptor leaf = field.leaf();
    ObjectNode parameter = JSON.objectNode().put("name", field.json()).put("in", place);
    if (required) {
      parameter.put("required", true);
    }
    String comment = comments.of(leaf.getFullName());
    if (!comment.isEmpty()) {
      parameter.put("description", comment);
    }
    parameter.set("schema", schemas.parameter(leaf));
    if (required || examples.isGiven(leaf)) {
      parameter.set("example", examples.value(leaf));
    }
    return parameter;
  }

  private void addQuery(HttpRoute route, Set<String> bound, ArrayNode parameters) {
    Descriptor request = route.rpc().request().getDescriptorForType();
    addQuery(request, List.of(), route, bound, parameters);
  }

  // Fields of messages are parameters with dots, as in `circle.radius`.
  private void addQuery(
      Descriptor type,
      List<FieldDescriptor> above,
      HttpRoute route,
      Set<String> bound,
      ArrayNode parameters) {
    for (FieldDescriptor field : type.getFields()) {
      List<FieldDescriptor> path = new ArrayList<>(above);
      path.add(field);
      FieldPath whole = new FieldPath(path);
      boolean message = field.getJavaType() == JavaType.MESSAGE;
      boolean object = message && WellKnown.of(field.getMessageType()) == WellKnown.OBJECT;
      if (bound.contains(whole.json()) || path.getFirst().equals(route.bodyField())) {
        continue;
      }
      if (!message || WellKnown.of(field.getMessageType()).isText()) {
        parameters.add(
            parameter(whole, "query", above.isEmpty() && Rules.of(field).refuseAbsence()));
      } else if (object && !field.isRepeated() && !isWithin(field, above, type)) {
        addQuery(field.getMessageType(), path, route, bound, parameters);
      }
    }
  }

  private static boolean isWithin(
      FieldDescriptor field, List<FieldDescriptor> above, Descriptor type) {
    return field.getMessageType().equals(type)
        || above.stream().anyMatch(one -> one.getContainingType().equals(field.getMessageType()));
  }

  private static void addHeaders(HttpRoute route, ArrayNode parameters) {
    MethodDescriptor contract = route.rpc().contract();
    IdempotencyKey key = contract.getOptions().getExtension(OptionsProto.idempotencyKey);
    if (key == IdempotencyKey.IDEMPOTENCY_KEY_ACCEPTED
        || key == IdempotencyKey.IDEMPOTENCY_KEY_REQUIRED) {
      parameters.add(Shared.parameter("Idempotency-Key"));
    }
    if (route.marks().takeVersion()) {
      parameters.add(Shared.parameter("If-Match"));
    }
    if (route.marks().haveCursor()) {
      parameters.add(Shared.parameter("Last-Event-ID"));
    }
    parameters.add(Shared.parameter("X-Timeout-Ms"));
    parameters.add(Shared.parameter("X-Request-Id"));
  }

  private ObjectNode body(HttpRoute route, Set<String> bound) {
    ObjectNode body = JSON.objectNode();
    FieldDescriptor field = route.bodyField();
    Descriptor request = route.rpc().request().getDescriptorForType();
    ObjectNode content;
    if (field != null) {
      boolean required = Rules.of(field).refuseAbsence();
      body.put("required", required);
      content = body.putObject("content").putObject("application/json");
      content.set("schema", schemas.of(field, true));
      content.set("example", examples.value(field));
      return body;
    }
    ObjectNode schema = bound.isEmpty() ? schemas.of(request) : schemas.object(request, bound);
    body.put("required", schema.has("required") || schema.has("$ref"));
    content = body.putObject("content").putObject("application/json");
    content.set("schema", schema);
    content.set("example", examples.request(request, bound));
    return body;
  }

  private ObjectNode responses(HttpRoute route, String comment) {
    ObjectNode responses = JSON.objectNode();
    Descriptor reply = route.replyType();
    String described = comments.of(reply.getFullName());
    ObjectNode success =
        responses
            .putObject("200")
            .put("description", described.isEmpty() ? "It worked." : described);
    ObjectNode headers = Shared.headers();
    if (!route.rpc().anonymous()) {
      Shared.addRates(headers);
    }
    if (route.marks().giveVersion() && !route.rpc().streams()) {
      Shared.add(headers, "ETag");
    }
    success.set("headers", headers);
    ObjectNode content = success.putObject("content");
    if (route.rpc().streams()) {
      JsonNode item = examples.reply(reply);
      content
          .putObject("text/event-stream")
          .put("example", "event: item\nid: 1\ndata: %s\n\nevent: end\ndata: {}\n".formatted(item))
          .set("schema", stream("text/event-stream", reply));
      content
          .putObject("application/x-ndjson")
          .put("example", item + "\n")
          .set("schema", stream("application/x-ndjson", reply));
    } else if (reply.equals(HttpBody.getDescriptor())) {
      content.putObject("*/*").putObject("schema");
    } else {
      ObjectNode json = content.putObject("application/json");
      json.set("schema", schemas.of(reply));
      json.set("example", examples.reply(reply));
    }
    for (Failure failure : failures(route, comment)) {
      responses.set(Integer.toString(failure.status()), failure.reference());
    }
    return responses;
  }

  private ObjectNode stream(String mediaType, Descriptor item) {
    ObjectNode schema =
        JSON.objectNode()
            .put("type", "string")
            .put("description", "Each item is a `%s`.".formatted(item.getName()))
            .put("contentMediaType", mediaType);
    schema.set("contentSchema", schemas.of(item));
    return schema;
  }

  // What every call may meet, and what the comment of the rpc announces.
  private static Set<Failure> failures(HttpRoute route, String comment) {
    Set<Failure> failures =
        EnumSet.of(
            Failure.BAD_REQUEST,
            Failure.TOO_MANY,
            Failure.INTERNAL,
            Failure.UNAVAILABLE,
            Failure.TIMEOUT);
    if (!route.rpc().anonymous()) {
      failures.add(Failure.UNAUTHORIZED);
    }
    if (!route.rpc().anonymous() || comment.contains("PERMISSION_DENIED")) {
      failures.add(Failure.FORBIDDEN);
    }
    if (comment.contains("UNAUTHENTICATED")) {
      failures.add(Failure.UNAUTHORIZED);
    }
    if (MISSING.matcher(comment).find()) {
      failures.add(Failure.NOT_FOUND);
    }
    if (CONFLICT.matcher(comment).find()) {
      failures.add(Failure.CONFLICT);
    }
    if (route.takesBody()) {
      failures.add(Failure.TOO_LARGE);
      failures.add(Failure.UNSUPPORTED);
    }
    return failures;
  }
}
