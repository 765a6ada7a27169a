package vesper.bench.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A request of HTTP/1.1 in parts that can be spoilt one by one.
final class HttpRequest {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern VARIABLE = Pattern.compile("\\{([\\w.]+)(?:=[^}]*)?}");

  final Map<String, String> headers = new LinkedHashMap<>();
  String verb;
  String target;
  byte[] body;

  HttpRequest(String verb, String target, byte[] body) {
    this.verb = verb;
    this.target = target;
    this.body = body;
    headers.put("host", "localhost");
    if (body.length > 0) {
      headers.put("content-type", "application/json");
    }
  }

  /// Writes a message as the contract's rule says.
  static HttpRequest of(FuzzRpc rpc, DynamicMessage message) {
    return of(rpc, tree(message));
  }

  /// Writes the JSON of a message as the contract's rule says.
  static HttpRequest of(FuzzRpc rpc, ObjectNode tree) {
    Matcher variable = VARIABLE.matcher(rpc.path());
    StringBuilder path = new StringBuilder();
    while (variable.find()) {
      JsonNode at = tree;
      ObjectNode holder = tree;
      String last = "";
      for (String step : variable.group(1).split("\\.", -1)) {
        holder = at instanceof ObjectNode object ? object : holder;
        last = camel(step);
        at = at.path(last);
      }
      holder.remove(last);
      String value = at.isMissingNode() ? "x" : at.asText();
      variable.appendReplacement(path, Matcher.quoteReplacement(encoded(value)));
    }
    variable.appendTail(path);
    if (rpc.body().equals("*")) {
      return new HttpRequest(rpc.verb(), path.toString(), write(tree));
    }
    byte[] body = {};
    if (!rpc.body().isEmpty()) {
      JsonNode carried = tree.remove(camel(rpc.body()));
      body = carried == null ? new byte[] {'{', '}'} : write(carried);
    }
    StringBuilder query = new StringBuilder();
    flatten("", tree, query);
    return new HttpRequest(rpc.verb(), path.append(query).toString(), body);
  }

  static ObjectNode tree(DynamicMessage message) {
    try {
      return (ObjectNode) JSON.readTree(JsonFormat.printer().print(message));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The bytes that go over the wire.
  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringBuilder head = new StringBuilder(verb).append(' ').append(target).append(" HTTP/1.1\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (!headers.containsKey("content-length") && !headers.containsKey("transfer-encoding")) {
      head.append("content-length: ").append(body.length).append("\r\n");
    }
    out.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    out.writeBytes(body);
    return out.toByteArray();
  }

  @Override
  public String toString() {
    String text = new String(bytes(), StandardCharsets.ISO_8859_1);
    return (text.length() > 600 ? text.substring(0, 600) + "…" : text).replace("\r\n", "⏎");
  }

  static byte[] write(JsonNode tree) {
    try {
      return JSON.writeValueAsBytes(tree);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static void flatten(String prefix, JsonNode node, StringBuilder query) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String name = prefix.isEmpty() ? field.getKey() : prefix + "." + field.getKey();
      if (field.getValue().isObject()) {
        flatten(name, field.getValue(), query);
      } else if (field.getValue().isArray()) {
        field.getValue().forEach(item -> parameter(name, item, query));
      } else {
        parameter(name, field.getValue(), query);
      }
    }
  }

  private static void parameter(String name, JsonNode value, StringBuilder query) {
    query
        .append(query.isEmpty() ? '?' : '&')
        .append(encoded(name))
        .append('=')
        .append(encoded(value.isContainerNode() ? value.toString() : value.asText()));
  }

  private static String camel(String field) {
    StringBuilder name = new StringBuilder();
    boolean upper = false;
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '_') {
        upper = true;
      } else {
        name.append(upper ? Character.toUpperCase(c) : c);
        upper = false;
      }
    }
    return name.toString();
  }
}
