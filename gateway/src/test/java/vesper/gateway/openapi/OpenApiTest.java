package vesper.gateway.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import build.buf.protovalidate.Validator;
import build.buf.protovalidate.ValidatorFactory;
import build.buf.protovalidate.exceptions.ValidationException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import io.swagger.v3.oas.models.SpecVersion;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import vesper.ai.v1.AiGrpc;
import vesper.airouter.v1.AiRouterGrpc;
import vesper.auth.v1.AuthGrpc;
import vesper.gateway.transcoding.HeaderFields;
import vesper.gateway.transcoding.HttpRoute;
import vesper.gateway.transcoding.HttpRoutes;
import vesper.gateway.transcoding.Rpc;
import vesper.gateway.trial.v1.TrialGrpc;
import vesper.kb.v1.KnowledgeGrpc;
import vesper.npc.v1.NpcsGrpc;
import vesper.time.v1.TimeGrpc;
import vesper.world.v1.WorldsGrpc;

@Tag("GW-T2")
class OpenApiTest {
  private static final HttpRoutes ROUTES =
      HttpRoutes.of(
          Rpc.offered(
              List.of(
                  AuthGrpc.getServiceDescriptor(),
                  TimeGrpc.getServiceDescriptor(),
                  NpcsGrpc.getServiceDescriptor(),
                  WorldsGrpc.getServiceDescriptor(),
                  KnowledgeGrpc.getServiceDescriptor(),
                  AiGrpc.getServiceDescriptor(),
                  AiRouterGrpc.getServiceDescriptor())));
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNode DOCUMENT = read(OpenApi.of(ROUTES.all()));
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(Dialects.getDraft202012());
  private static final Validator RULES = ValidatorFactory.newBuilder().build();

  static Stream<HttpRoute> routes() {
    return ROUTES.all().stream();
  }

  static Stream<String> schemas() {
    List<String> names = new ArrayList<>();
    DOCUMENT.path("components").path("schemas").fieldNames().forEachRemaining(names::add);
    return names.stream();
  }

  @Test
  void stockParser_findsNothingWrong() {
    SwaggerParseResult result = new OpenAPIV3Parser().readContents(DOCUMENT.toString());

    assertThat(result.getMessages()).isEmpty();
    assertThat(result.getOpenAPI().getSpecVersion()).isEqualTo(SpecVersion.V31);
    assertThat(result.getOpenAPI().getPaths()).hasSameSizeAs(DOCUMENT.path("paths"));
  }

  @Test
  void stockParser_readsOddContractsToo() {
    HttpRoutes trial = HttpRoutes.of(Rpc.offered(List.of(TrialGrpc.getServiceDescriptor())));
    String document = new String(OpenApi.of(trial.all()), StandardCharsets.UTF_8);

    SwaggerParseResult result = new OpenAPIV3Parser().readContents(document);

    assertThat(result.getMessages()).isEmpty();
    assertThat(result.getOpenAPI().getPaths().get("/v1/echo"))
        .satisfies(path -> {
          assertThat(path.getPost().getOperationId()).isEqualTo("trialEcho");
          assertThat(path.getGet().getParameters())
              .extracting("name")
              .contains("int32Value", "texts", "at", "mask")
              .doesNotContain("nested", "nested.text", "byName", "structure");
        });
  }

  @ParameterizedTest
  @MethodSource("routes")
  void route_isDescribed(HttpRoute route) {
    JsonNode operation = operation(route);

    assertThat(operation.path("summary").asText()).isNotBlank().doesNotContain("\n");
    assertThat(operation.path("description").asText())
        .contains("For ", "gRPC: `" + route.rpc().name() + "`");
    assertThat(operation.path("security")).hasSize(route.rpc().anonymous() ? 0 : 1);
    assertThat(operation.path("responses").has("200")).isTrue();
    assertThat(operation.path("responses").has("401") || route.rpc().anonymous()).isTrue();
    assertThat(operation.path("responses").path("200").path("content").has("text/event-stream"))
        .isEqualTo(route.rpc().streams());
    operation
        .path("parameters")
        .forEach(parameter ->
            assertThat(parameter.has("$ref") || parameter.has("description"))
                .as(parameter.toString())
                .isTrue());
  }

  @Test
  void operationIds_areUnique() {
    List<String> ids =
        ROUTES.all().stream().map(route -> operation(route).path("operationId").asText()).toList();

    assertThat(ids).doesNotHaveDuplicates().contains("timeGetTime", "npcConverse");
  }

  @ParameterizedTest
  @MethodSource("schemas")
  void schema_isSoundAndEveryFieldDescribed(String name) {
    JsonNode schema = DOCUMENT.path("components").path("schemas").path(name);
    Schema rules =
        SCHEMAS.getSchema(
            com.networknt.schema.SchemaLocation.of(Dialects.getDraft202012().getId()));

    assertThat(rules.validate(schema.toString(), InputFormat.JSON)).isEmpty();
    assertThat(schema.path("description").asText()).isNotBlank();
    schema
        .path("properties")
        .forEach(field -> assertThat(field.path("description").asText()).isNotBlank());
  }

  @ParameterizedTest
  @MethodSource("routes")
  void exampleOfTheRequest_fitsSchemaTranscoderAndRules(HttpRoute route) throws Exception {
    Message request = request(route);

    assertThat(RULES.validate(request).getViolations()).isEmpty();
    JsonNode operation = operation(route);
    JsonNode content = operation.path("requestBody").path("content").path("application/json");
    if (route.takesBody()) {
      assertThat(violations(content.path("schema"), content.path("example"))).isEmpty();
    }
    for (JsonNode parameter : operation.path("parameters")) {
      if (parameter.has("example")) {
        assertThat(violations(parameter.path("schema"), parameter.path("example"))).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("routes")
  void exampleOfTheReply_fitsSchemaAndMessage(HttpRoute route) throws Exception {
    JsonNode content = operation(route).path("responses").path("200").path("content");
    if (content.has("application/json")) {
      JsonNode json = content.path("application/json");
      assertThat(violations(json.path("schema"), json.path("example"))).isEmpty();
      parse(route.replyType(), json.path("example").toString());
    } else if (content.has("application/x-ndjson")) {
      JsonNode lines = content.path("application/x-ndjson");
      String item = lines.path("example").asText().strip();
      assertThat(violations(lines.path("schema").path("contentSchema"), JSON.readTree(item)))
          .isEmpty();
      parse(route.replyType(), item);
    }
  }

  @ParameterizedTest
  @MethodSource("routes")
  void required_isWhatTheRulesRefuseToMiss(HttpRoute route) throws ValidationException {
    Descriptor type = route.rpc().request().getDescriptorForType();
    Set<String> refused = new TreeSet<>();
    RULES
        .validate(DynamicMessage.getDefaultInstance(type))
        .getViolations()
        .forEach(violation -> {
          var path = violation.toProto().getField().getElementsList();
          if (path.size() == 1 && type.findFieldByName(path.getFirst().getFieldName()) != null) {
            refused.add(type.findFieldByName(path.getFirst().getFieldName()).getJsonName());
          }
        });

    Set<String> required = new TreeSet<>();
    JsonNode operation = operation(route);
    for (JsonNode parameter : operation.path("parameters")) {
      if (parameter.path("required").asBoolean()) {
        required.add(parameter.path("name").asText());
      }
    }
    JsonNode body = operation.path("requestBody");
    if (route.bodyField() != null && body.path("required").asBoolean()) {
      required.add(route.bodyField().getJsonName());
    } else if (route.takesBody()) {
      resolved(body.path("content").path("application/json").path("schema"))
          .path("required")
          .forEach(name -> required.add(name.asText()));
    }
    // Path variables are required whatever their rules say.
    Set<String> inPath = new HashSet<>();
    route.pathFields().forEach(field -> inPath.add(field.json()));
    required.removeAll(inPath);
    refused.removeAll(inPath);
    assertThat(required).isEqualTo(refused);
  }

  @Test
  void rules_becomeKeywords() {
    JsonNode date = schema("vesper.time.v1.CalendarDate").path("properties");
    assertThat(date.path("month").path("minimum").asInt()).isEqualTo(1);
    assertThat(date.path("month").path("maximum").asInt()).isEqualTo(64);
    assertThat(date.path("monthName").path("maxLength").asInt()).isEqualTo(64);
    JsonNode device = schema("vesper.auth.v1.DeviceCredential").path("properties");
    assertThat(device.path("id").path("pattern").asText()).isEqualTo("^[A-Za-z0-9._:-]+$");
    assertThat(device.path("secret").path("minLength").asInt()).isEqualTo(43);
    JsonNode login = schema("vesper.auth.v1.LoginRequest");
    assertThat(login.path("oneOf").toString())
        .isEqualTo("[{\"required\":[\"device\"]},{\"required\":[\"password\"]}]");
    JsonNode entity = schema("vesper.world.v1.Entity").path("properties");
    assertThat(entity.path("tags").path("uniqueItems").asBoolean()).isTrue();
    assertThat(entity.path("tags").path("items").path("pattern").asText()).startsWith("^[a-z0-9");
    assertThat(entity.path("components").path("maxProperties").asInt()).isEqualTo(32);
    assertThat(entity.path("components").path("propertyNames").path("pattern").asText())
        .startsWith("^[a-z]");
    assertThat(schema("vesper.time.v1.Rate").path("description").asText())
        .contains("between 1/100 and 10,000");
    assertThat(schema("vesper.time.v1.Phase").path("enum").toString()).contains("PHASE_DAWN");
  }

  @Test
  void examples_thatAreWrong_areFound() throws Exception {
    ObjectNode date = JSON.createObjectNode().put("month", 65);

    assertThat(violations(schema("vesper.time.v1.CalendarDate"), date)).isNotEmpty();
    assertThat(violations(schema("vesper.time.v1.CalendarDate"), date.put("mnth", 1)))
        .hasSizeGreaterThan(1);
  }

  @Test
  void list_namesEveryRoute() {
    RouteList list = new RouteList(ROUTES.all());

    for (HttpRoute route : ROUTES.all()) {
      assertThat(list.text()).contains(route.openPath());
      assertThat(list.html()).contains(route.openPath().replace("/", "/<wbr>"));
    }
    assertThat(list.html()).contains("players (only for themselves)").doesNotContain("null");
  }

  private static Message request(HttpRoute route) {
    JsonNode operation = operation(route);
    String path = route.openPath();
    StringBuilder query = new StringBuilder();
    for (JsonNode parameter : operation.path("parameters")) {
      if (!parameter.has("example")) {
        continue;
      }
      JsonNode given = parameter.path("example");
      String value = given.isArray() ? given.path(0).asText() : given.asText();
      String text = URLEncoder.encode(value, StandardCharsets.UTF_8);
      String name = parameter.path("name").asText();
      if (parameter.path("in").asText().equals("path")) {
        path = path.replace("{" + name + "}", text);
      } else {
        query.append(query.isEmpty() ? "" : "&").append(name).append('=').append(text);
      }
    }
    assertThat(path).doesNotContain("{");
    JsonNode body = operation.path("requestBody").path("content").path("application/json");
    if (ROUTES.find(route.method(), path) instanceof HttpRoutes.Match.Found found) {
      assertThat(found.route()).isSameAs(route);
      return found.read(
          query.toString(),
          route.takesBody() ? body.path("example").toString() : "",
          HeaderFields.NONE);
    }
    throw new AssertionError("no route for " + route.method() + " " + path);
  }

  private static void parse(Descriptor type, String json) throws InvalidProtocolBufferException {
    JsonFormat.parser().merge(json, DynamicMessage.newBuilder(type));
  }

  private static List<com.networknt.schema.Error> violations(JsonNode schema, JsonNode example) {
    ObjectNode whole = JSON.createObjectNode();
    whole.set("components", DOCUMENT.path("components"));
    whole.setAll((ObjectNode) schema);
    return SCHEMAS
        .getSchema(whole.toString(), InputFormat.JSON)
        .validate(example.toString(), InputFormat.JSON);
  }

  private static JsonNode operation(HttpRoute route) {
    JsonNode operation =
        DOCUMENT.path("paths").path(route.openPath()).path(route.method().toLowerCase(Locale.ROOT));
    assertThat(operation.isObject()).as(route.toString()).isTrue();
    return operation;
  }

  private static JsonNode resolved(JsonNode schema) {
    String reference = schema.path("$ref").asText();
    return reference.isEmpty()
        ? schema
        : schema(reference.substring(reference.lastIndexOf('/') + 1));
  }

  private static JsonNode schema(String name) {
    JsonNode schema = DOCUMENT.path("components").path("schemas").path(name);
    assertThat(schema.isObject()).as(name).isTrue();
    return schema;
  }

  private static JsonNode read(byte[] document) {
    try {
      return JSON.readTree(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
