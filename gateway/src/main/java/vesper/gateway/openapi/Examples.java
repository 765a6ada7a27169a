package vesper.gateway.openapi;

import build.buf.validate.ValidateProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.OneofDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import vesper.gateway.transcoding.WellKnown;

/// Examples of messages in JSON. What the files `vesper/examples.json` of the class path give for a
/// message, for a field by its full name, or for all fields of a name is taken; the rest is made up
/// from the types.
final class Examples {
  private static final String RESOURCE = "vesper/examples.json";
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Map<String, JsonNode> given = new HashMap<>();

  private Examples() {}

  /// Reads every file of examples of the class path.
  static Examples load() {
    Examples examples = new Examples();
    ObjectMapper mapper = new ObjectMapper();
    try {
      for (URL found : Collections.list(Examples.class.getClassLoader().getResources(RESOURCE))) {
        try (InputStream in = found.openStream()) {
          mapper
              .readTree(in)
              .properties()
              .forEach(one -> examples.given.put(one.getKey(), one.getValue()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return examples;
  }

  /// A request: what it must have, and what an example is given for.
  ///
  /// @param without JSON names of fields that come from elsewhere
  ObjectNode request(Descriptor type, Set<String> without) {
    return object(type, true, without, new HashSet<>());
  }

  /// A reply, with all its fields.
  JsonNode reply(Descriptor type) {
    return message(type, false, new HashSet<>());
  }

  /// A value of a field of a request.
  JsonNode value(FieldDescriptor field) {
    return value(field, true, new HashSet<>());
  }

  /// Whether an example is given for exactly this field.
  boolean isGiven(FieldDescriptor field) {
    return given.containsKey(field.getFullName());
  }

  private JsonNode message(Descriptor type, boolean request, Set<Descriptor> within) {
    JsonNode whole = given.get(type.getFullName());
    if (whole != null) {
      return whole;
    }
    return switch (WellKnown.of(type)) {
      case OBJECT -> object(type, request, Set.of(), within);
      case TIMESTAMP -> JSON.textNode("2026-01-31T20:15:00Z");
      case DURATION -> JSON.textNode("1.500s");
      case FIELD_MASK -> JSON.textNode("");
      case WRAPPER -> value(type.findFieldByName("value"), request, within);
      case STRUCT -> JSON.objectNode();
      case LIST -> JSON.arrayNode();
      case VALUE, ANY -> JSON.nullNode();
    };
  }

  private ObjectNode object(
      Descriptor type, boolean request, Set<String> without, Set<Descriptor> within) {
    ObjectNode example = JSON.objectNode();
    if (given.get(type.getFullName()) instanceof ObjectNode whole) {
      example.setAll(whole);
      example.remove(without);
      return example;
    }
    within.add(type);
    for (FieldDescriptor field : type.getFields()) {
      boolean endless =
          field.getJavaType() == JavaType.MESSAGE && within.contains(field.getMessageType());
      if (!endless && !without.contains(field.getJsonName()) && isShown(field, request, example)) {
        example.set(field.getJsonName(), value(field, request, within));
      }
    }
    within.remove(type);
    return example;
  }

  // Of a oneof the first member for which an example is given is shown, else the first.
  private boolean isShown(FieldDescriptor field, boolean request, ObjectNode soFar) {
    OneofDescriptor oneof = field.getRealContainingOneof();
    if (oneof == null) {
      return !request || isGiven(field) || Rules.of(field).refuseAbsence();
    }
    boolean other = oneof.getFields().stream().anyMatch(member -> soFar.has(member.getJsonName()));
    boolean chosen =
        isGiven(field)
            || (oneof.getField(0) == field && oneof.getFields().stream().noneMatch(this::isGiven));
    boolean wanted =
        !request
            || isGiven(field)
            || oneof.getOptions().getExtension(ValidateProto.oneof).getRequired();
    return !other && chosen && wanted;
  }

  private JsonNode value(FieldDescriptor field, boolean request, Set<Descriptor> within) {
    JsonNode own = given.get(field.getFullName());
    if (own != null) {
      return own;
    }
    if (field.isMapField()) {
      return JSON.objectNode();
    }
    if (field.isRepeated()) {
      return JSON.arrayNode().add(single(field, request, within));
    }
    return single(field, request, within);
  }

  private JsonNode single(FieldDescriptor field, boolean request, Set<Descriptor> within) {
    if (field.getJavaType() == JavaType.MESSAGE) {
      return message(field.getMessageType(), request, within);
    }
    JsonNode named = given.get(field.getName());
    if (named != null && fits(named, field)) {
      return named;
    }
    return switch (field.getJavaType()) {
      case INT -> JSON.numberNode(least(field));
      case LONG -> JSON.textNode(Integer.toString(least(field)));
      case FLOAT, DOUBLE -> JSON.numberNode(0.5);
      case BOOLEAN -> JSON.booleanNode(false);
      case STRING -> JSON.textNode("text");
      case BYTE_STRING -> JSON.textNode("AAEC");
      case ENUM ->
          JSON.textNode(
              field
                  .getEnumType()
                  .getValues()
                  .get(Math.min(1, field.getEnumType().getValues().size() - 1))
                  .getName());
      case MESSAGE -> throw new IllegalArgumentException(field.getFullName());
    };
  }

  private static boolean fits(@Nullable JsonNode example, FieldDescriptor field) {
    return example != null
        && switch (field.getJavaType()) {
          case INT, FLOAT, DOUBLE -> example.isNumber();
          case BOOLEAN -> example.isBoolean();
          case ENUM -> field.getEnumType().findValueByName(example.asText()) != null;
          case LONG, STRING, BYTE_STRING -> example.isTextual();
          case MESSAGE -> false;
        };
  }

  // 1, or what the rules ask for at least.
  private static int least(FieldDescriptor field) {
    ObjectNode rules = JSON.objectNode();
    Rules.of(field).addTo(rules);
    return Math.max(1, rules.path("minimum").asInt(1));
  }
}
