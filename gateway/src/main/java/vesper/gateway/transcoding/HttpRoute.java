package vesper.gateway.transcoding;

import com.google.api.HttpBody;
import com.google.api.HttpRule;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import vesper.gateway.transcoding.PathTemplate.Variable;

/// One way by which HTTP reaches an rpc: method, path, and where each field of the request comes
/// from.
public final class HttpRoute {
  private enum Source {
    // Query parameters carry what the path does not.
    QUERY,
    // The body carries what the path does not.
    BODY,
    // The body carries one field, query parameters the rest.
    BODY_FIELD
  }

  private record Binding(Variable variable, FieldPath field) {}

  private static final JsonFormat.Parser PARSER = JsonFormat.parser();

  private final Rpc rpc;
  private final String method;
  private final String pattern;
  private final PathTemplate template;
  private final Shape shape;
  private final List<Binding> bindings = new ArrayList<>();
  private final Set<String> bound = new HashSet<>();
  private final Source source;
  private final Shape.@Nullable Member bodyField;
  private final @Nullable FieldDescriptor replyField;
  private final RouteMarks marks;

  /// Prepares a route.
  ///
  /// @throws IllegalArgumentException when the rule does not fit the rpc
  HttpRoute(Rpc rpc, HttpRule rule, Shape.Catalog shapes) {
    this.rpc = rpc;
    this.method = method(rule);
    this.pattern = pattern(rule);
    try {
      this.template = PathTemplate.parse(pattern);
      Descriptor request = rpc.request().getDescriptorForType();
      this.shape = shapes.of(request);
      for (Variable variable : template.variables()) {
        FieldPath field = FieldPath.resolve(request, variable.field());
        if (field.leaf().isRepeated() || field.leaf().getJavaType() == JavaType.MESSAGE) {
          throw new IllegalArgumentException(
              "the variable '" + variable.field() + "' is no single value");
        }
        bindings.add(new Binding(variable, field));
        bound.add(field.json());
      }
      this.source =
          switch (rule.getBody()) {
            case "" -> Source.QUERY;
            case "*" -> Source.BODY;
            default -> Source.BODY_FIELD;
          };
      this.bodyField = source == Source.BODY_FIELD ? shape.find(rule.getBody()) : null;
      if (source == Source.BODY_FIELD && bodyField == null) {
        throw new IllegalArgumentException("the body field '" + rule.getBody() + "' is unknown");
      }
      this.replyField = replyField(rpc, rule.getResponseBody());
      this.marks = RouteMarks.of(request, type(rpc, replyField));
    } catch (IllegalArgumentException | Unreadable e) {
      throw new IllegalArgumentException(this + ": " + e.getMessage(), e);
    }
  }

  private static @Nullable FieldDescriptor replyField(Rpc rpc, String name) {
    if (name.isEmpty()) {
      return null;
    }
    FieldDescriptor field = rpc.reply().getDescriptorForType().findFieldByName(name);
    if (field == null || field.isRepeated() || field.getJavaType() != JavaType.MESSAGE) {
      throw new IllegalArgumentException("the response body '" + name + "' is no single message");
    }
    return field;
  }

  private static String method(HttpRule rule) {
    return switch (rule.getPatternCase()) {
      case GET -> "GET";
      case PUT -> "PUT";
      case POST -> "POST";
      case DELETE -> "DELETE";
      case PATCH -> "PATCH";
      case CUSTOM -> rule.getCustom().getKind();
      case PATTERN_NOT_SET -> "";
    };
  }

  private static String pattern(HttpRule rule) {
    return switch (rule.getPatternCase()) {
      case GET -> rule.getGet();
      case PUT -> rule.getPut();
      case POST -> rule.getPost();
      case DELETE -> rule.getDelete();
      case PATCH -> rule.getPatch();
      case CUSTOM -> rule.getCustom().getPath();
      case PATTERN_NOT_SET -> "";
    };
  }

  /// The rpc it reaches.
  public Rpc rpc() {
    return rpc;
  }

  /// HTTP method and path with variables, as in `GET /v1/worlds/{world_id}/time`.
  public String name() {
    return method + " " + pattern;
  }

  /// Whether it reads a JSON body.
  public boolean takesBody() {
    return source != Source.QUERY;
  }

  /// The HTTP method.
  public String method() {
    return method;
  }

  /// The path with each variable as its JSON name in braces, as in `/v1/worlds/{worldId}/time`.
  public String openPath() {
    String path = pattern;
    for (Binding binding : bindings) {
      path =
          path.replaceFirst(
              "\\{" + Pattern.quote(binding.variable().field()) + "(=[^}]*)?}",
              Matcher.quoteReplacement("{" + binding.field().json() + "}"));
    }
    return path;
  }

  /// The fields that the path gives, in its order.
  public List<FieldPath> pathFields() {
    return bindings.stream().map(Binding::field).toList();
  }

  /// The field that the body gives, or null when it gives the whole request or nothing.
  public @Nullable FieldDescriptor bodyField() {
    return bodyField == null ? null : bodyField.field();
  }

  /// The message that the answer holds.
  public Descriptor replyType() {
    return type(rpc, replyField);
  }

  private static Descriptor type(Rpc rpc, @Nullable FieldDescriptor replyField) {
    return replyField == null ? rpc.reply().getDescriptorForType() : replyField.getMessageType();
  }

  PathTemplate template() {
    return template;
  }

  /// What its requests and answers say in headers.
  public RouteMarks marks() {
    return marks;
  }

  /// The version of what an answer holds, or null when it has none.
  public @Nullable String version(Message reply) {
    return marks.version(replyField == null ? reply : (Message) reply.getField(replyField));
  }

  /// Makes the request message.
  ///
  /// @param segments the path's segments as the template matched them, percent-encoded
  /// @param query what follows the question mark, or empty
  /// @param body the body, or empty, which stands for a body that sets nothing
  /// @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT with every field that is wrong
  Message read(List<String> segments, String query, String body, HeaderFields headers) {
    Findings findings = new Findings();
    Message.Builder request = rpc.request().newBuilderForType();
    if (!body.isEmpty()) {
      readBody(body, request, findings);
    }
    readQuery(query, request, findings);
    for (Binding binding : bindings) {
      readVariable(binding, segments, request, findings);
    }
    marks.read(headers, request, findings);
    findings.check();
    return request.build();
  }

  /// The media type of the answer.
  public String mediaType(Message reply) {
    return reply instanceof HttpBody raw ? raw.getContentType() : "application/json";
  }

  /// The body of the answer: JSON, or what a `google.api.HttpBody` holds.
  public byte[] body(Message reply) {
    if (reply instanceof HttpBody raw) {
      return raw.getData().toByteArray();
    }
    JsonReply json = new JsonReply(512);
    print(reply, json);
    return json.toBytes();
  }

  /// Prints one reply as JSON.
  public void print(Message reply, JsonReply json) {
    json.print(replyField == null ? reply : (Message) reply.getField(replyField));
  }

  private void readBody(String body, Message.Builder request, Findings findings) {
    String whole = body;
    if (source == Source.QUERY) {
      findings.add("body", "must be empty: the URL carries the request");
      return;
    }
    JsonCheck check = new JsonCheck(body, findings, bound);
    if (bodyField == null) {
      check.message(shape);
    } else {
      check.field(bodyField);
      whole = "{\"" + bodyField.field().getJsonName() + "\":" + body + "}";
    }
    if (!findings.isEmpty()) {
      return;
    }
    try {
      PARSER.merge(whole, request);
    } catch (InvalidProtocolBufferException e) {
      findings.add("body", "is no " + shape.type().getName());
    }
  }

  private void readQuery(String query, Message.Builder request, Findings findings) {
    if (query.isEmpty()) {
      return;
    }
    Set<FieldPath> seen = new HashSet<>();
    for (String parameter : query.split("&", -1)) {
      int equals = parameter.indexOf('=');
      String name = equals < 0 ? parameter : parameter.substring(0, equals);
      try {
        name = PercentCoding.decodeQuery(name);
        FieldPath field = parameter(name);
        if (!seen.add(field) && !field.leaf().isRepeated()) {
          throw new Unreadable("is given twice");
        }
        String text = equals < 0 ? "" : PercentCoding.decodeQuery(parameter.substring(equals + 1));
        field.put(request, value(field.leaf(), text));
      } catch (Unreadable e) {
        findings.add(name.isEmpty() ? "query" : name, e.complaint());
      }
    }
  }

  private FieldPath parameter(String name) throws Unreadable {
    if (source == Source.BODY) {
      throw new Unreadable("is no parameter: the body carries the request");
    }
    FieldPath field = FieldPath.resolve(shape.type(), name);
    if (bound.contains(field.json())) {
      throw new Unreadable("is given by the path");
    }
    if (bodyField != null && field.first().equals(bodyField.field())) {
      throw new Unreadable("is given by the body");
    }
    return field;
  }

  private static Object value(FieldDescriptor field, String text) throws Unreadable {
    if (field.getJavaType() != JavaType.MESSAGE) {
      return Scalars.parse(field, text);
    }
    WellKnown form = WellKnown.of(field.getMessageType());
    if (form.isText()) {
      return form.parse(text);
    }
    throw new Unreadable("is a message: give its fields one by one, as in " + example(field));
  }

  private static String example(FieldDescriptor field) {
    String name = field.getJsonName();
    return field.getMessageType().getFields().isEmpty()
        ? name
        : name + "." + field.getMessageType().getFields().getFirst().getJsonName();
  }

  private static void readVariable(
      Binding binding, List<String> segments, Message.Builder request, Findings findings) {
    Variable variable = binding.variable();
    FieldPath field = binding.field();
    try {
      field.put(request, Scalars.parse(field.leaf(), joined(variable, segments)));
    } catch (Unreadable e) {
      findings.add(field.json(), e.complaint());
    }
  }

  // An open end covers all segments that are left; its template ends where the variable does.
  private static String joined(Variable variable, List<String> segments) throws Unreadable {
    int to = variable.toEnd() ? segments.size() : variable.to();
    if (to == variable.from() + 1 && !variable.toEnd()) {
      return PercentCoding.decodeSegment(segments.get(variable.from()));
    }
    StringBuilder value = new StringBuilder();
    for (int i = variable.from(); i < to; i++) {
      value
          .append(i > variable.from() ? "/" : "")
          .append(PercentCoding.decodeJoined(segments.get(i)));
    }
    return value.toString();
  }

  @Override
  public String toString() {
    return name() + " of " + rpc.name();
  }
}
