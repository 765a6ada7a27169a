package vesper.gateway.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import vesper.gateway.transcoding.HttpRoute;

/// The description of all routes in the notation of OpenAPI 3.1, made from the contracts: types,
/// rules, comments and options.
public final class OpenApi {
  private static final Set<String> METHODS =
      Set.of("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE");
  private static final String ABOUT =
      """
      Every rpc that a contract of Vesper declares public. JSON is proto3 JSON: names in \
      lowerCamelCase, 64-bit integers as text, enums by name. A field that is not known is refused.

      Calls carry an access token, `Authorization: Bearer …`. `POST /v1/auth/login` gives one to \
      anybody who makes up a device id and a secret and asks for `create`. Paths in answers, such \
      as those of cited documents, are called with the token like all others.

      Failures are problems (RFC 9457, `application/problem+json`). Streams are server-sent events: \
      `item`, and last `end` or `error`; with `Accept: application/x-ndjson` one line of JSON for \
      each item.\
      """;

  private OpenApi() {}

  /// Makes the document, as JSON in UTF-8.
  public static byte[] of(List<HttpRoute> routes) {
    Comments comments = Comments.load();
    Schemas schemas =
        new Schemas(
            comments,
            routes.stream().map(route -> route.rpc().request().getDescriptorForType()).toList());
    Operations operations = new Operations(comments, schemas, Examples.load());
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("openapi", "3.1.0");
    document
        .putObject("info")
        .put("title", "Vesper")
        .put("version", "v1")
        .put("description", ABOUT)
        .putObject("license")
        .put("name", "Apache-2.0")
        .put("identifier", "Apache-2.0");
    document.putArray("servers").addObject().put("url", "/");
    ArrayNode tags = document.putArray("tags");
    ObjectNode paths = document.putObject("paths");
    Set<String> services = new HashSet<>();
    for (HttpRoute route : routes) {
      if (METHODS.contains(route.method())) {
        String service = route.rpc().service();
        if (services.add(service)) {
          tags.addObject().put("name", service).put("description", comments.of(service));
        }
        paths
            .withObjectProperty(route.openPath())
            .set(route.method().toLowerCase(Locale.ROOT), operations.of(route));
      }
    }
    ObjectNode components = document.putObject("components");
    Shared.addTo(components);
    ObjectNode all = components.withObjectProperty("schemas");
    schemas.components().forEach(all::set);
    try {
      return new ObjectMapper().writeValueAsBytes(document);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
