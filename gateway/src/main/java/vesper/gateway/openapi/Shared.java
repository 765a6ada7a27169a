package vesper.gateway.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.Status.Code;
import java.util.Locale;
import vesper.gateway.transcoding.Problem;

/// What all operations have in common: the token, headers, and the problems of failures.
final class Shared {
  static final String TOKEN = "token";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /// A failure that many operations have.
  enum Failure {
    BAD_REQUEST(400, Code.INVALID_ARGUMENT, "A field is wrong, or the state of things forbids it."),
    UNAUTHORIZED(401, Code.UNAUTHENTICATED, "There is no token, or it is not valid."),
    FORBIDDEN(403, Code.PERMISSION_DENIED, "The caller may not do this."),
    NOT_FOUND(404, Code.NOT_FOUND, "What the request names does not exist."),
    CONFLICT(409, Code.ABORTED, "It is taken, or has another version by now."),
    TOO_LARGE(413, Code.INVALID_ARGUMENT, "The body is larger than this route takes."),
    UNSUPPORTED(415, Code.INVALID_ARGUMENT, "The body is no JSON in UTF-8."),
    TOO_MANY(429, Code.RESOURCE_EXHAUSTED, "More was asked for than is allowed."),
    INTERNAL(500, Code.INTERNAL, "The call failed inside."),
    UNAVAILABLE(503, Code.UNAVAILABLE, "Nobody can answer right now."),
    TIMEOUT(504, Code.DEADLINE_EXCEEDED, "No answer came in time.");

    private final int status;
    private final Code code;
    private final String description;

    Failure(int status, Code code, String description) {
      this.status = status;
      this.code = code;
      this.description = description;
    }

    int status() {
      return status;
    }

    /// A reference to it.
    ObjectNode reference() {
      return JSON.objectNode().put("$ref", "#/components/responses/" + key());
    }

    private String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private Shared() {}

  /// A reference to a header that requests may have.
  static ObjectNode parameter(String name) {
    return JSON.objectNode().put("$ref", "#/components/parameters/" + name);
  }

  /// Headers of every answer.
  static ObjectNode headers() {
    ObjectNode headers = JSON.objectNode();
    add(headers, "X-Request-Id");
    return headers;
  }

  /// Adds a header of answers.
  static void add(ObjectNode headers, String name) {
    headers.putObject(name).put("$ref", "#/components/headers/" + name);
  }

  /// Adds the headers that tell how many calls are left.
  static void addRates(ObjectNode headers) {
    add(headers, "X-RateLimit-Limit");
    add(headers, "X-RateLimit-Remaining");
    add(headers, "X-RateLimit-Reset");
  }

  /// Adds all that is referred to.
  static void addTo(ObjectNode components) {
    components
        .putObject("securitySchemes")
        .putObject(TOKEN)
        .put("type", "http")
        .put("scheme", "bearer")
        .put("bearerFormat", "JWT")
        .put("description", "The access token that a login returned; good for 15 minutes.");
    ObjectNode parameters = components.putObject("parameters");
    header(parameters, "X-Request-Id", "Names the request in logs and in `instance` of problems.")
        .put("type", "string")
        .put("pattern", "^[A-Za-z0-9_-]{8,64}$");
    header(
            parameters,
            "X-Timeout-Ms",
            "Time for the call in milliseconds, at most 30 s or the rpc's own deadline where that is"
                + " longer; of a stream its length.")
        .put("type", "integer")
        .put("minimum", 1);
    header(
            parameters,
            "Idempotency-Key",
            "Names the call, so that a repeat gets the first answer again, with `vesper-replayed:"
                + " true`.")
        .put("type", "string")
        .put("minLength", 16)
        .put("maxLength", 128);
    header(
            parameters,
            "If-Match",
            "The `ETag` of the version that was read; the same as the field `etag`.")
        .put("type", "string");
    header(
            parameters,
            "Last-Event-ID",
            "The `id` of the last event that arrived; the stream goes on after it.")
        .put("type", "string");
    ObjectNode headers = components.putObject("headers");
    answer(headers, "X-Request-Id", "string", "The request's own id, or one that was made for it.");
    answer(headers, "X-RateLimit-Limit", "integer", "Calls of this kind that may be made at once.");
    answer(headers, "X-RateLimit-Remaining", "integer", "Calls that may be made right now.");
    answer(
        headers, "X-RateLimit-Reset", "integer", "Seconds until these are as many as the limit.");
    answer(headers, "Retry-After", "integer", "Seconds after which another try is worthwhile.");
    answer(headers, "ETag", "string", "Names the version of what is in the body.");
    ObjectNode responses = components.putObject("responses");
    for (Failure failure : Failure.values()) {
      responses.set(failure.key(), response(failure));
    }
    components.putObject("schemas").set("Problem", problem());
  }

  private static ObjectNode header(ObjectNode parameters, String name, String description) {
    return parameters
        .putObject(name)
        .put("name", name)
        .put("in", "header")
        .put("description", description)
        .putObject("schema");
  }

  private static void answer(ObjectNode headers, String name, String type, String description) {
    headers.putObject(name).put("description", description).putObject("schema").put("type", type);
  }

  private static ObjectNode response(Failure failure) {
    ObjectNode response = JSON.objectNode().put("description", failure.description);
    ObjectNode headers = headers();
    if (failure == Failure.TOO_MANY || failure == Failure.UNAVAILABLE) {
      add(headers, "Retry-After");
    }
    response.set("headers", headers);
    ObjectNode content = response.putObject("content").putObject(Problem.MEDIA_TYPE);
    content.putObject("schema").put("$ref", "#/components/schemas/Problem");
    content
        .putObject("example")
        .put("type", "about:blank")
        .put("title", Problem.title(failure.status))
        .put("status", failure.status)
        .put("detail", failure.description)
        .put("instance", "01a1f806-1e1a-70e0-aae9-5ae933ad4cca")
        .put("code", failure.code.name());
    return response;
  }

  private static ObjectNode problem() {
    ObjectNode schema =
        JSON.objectNode().put("type", "object").put("description", "A failure, by RFC 9457.");
    ObjectNode properties = schema.putObject("properties");
    property(
        properties, "type", "string", "Always `about:blank`: `code` and `reason` tell what it is.");
    property(properties, "title", "string", "The HTTP status in words.");
    property(properties, "status", "integer", "The HTTP status.");
    property(properties, "detail", "string", "What went wrong, for people.");
    property(properties, "instance", "string", "The request id.");
    ArrayNode codes = property(properties, "code", "string", "The gRPC code.").putArray("enum");
    for (Code code : Code.values()) {
      if (code != Code.OK) {
        codes.add(code.name());
      }
    }
    property(properties, "reason", "string", "What went wrong, for programs.");
    ObjectNode error =
        property(properties, "errors", "array", "Fields that are wrong.")
            .putObject("items")
            .put("type", "object");
    ObjectNode members = error.putObject("properties");
    property(members, "field", "string", "Path of the field, in JSON names.");
    property(members, "message", "string", "What is wrong with it.");
    error.putArray("required").add("field").add("message");
    property(properties, "retry_after_ms", "integer", "When another try is worthwhile.");
    ArrayNode required = schema.putArray("required");
    for (String name : new String[] {"type", "title", "status", "detail", "instance", "code"}) {
      required.add(name);
    }
    return schema;
  }

  private static ObjectNode property(
      ObjectNode properties, String name, String type, String description) {
    return properties.putObject(name).put("type", type).put("description", description);
  }
}
