package vesper.gateway.openapi;

import build.buf.validate.MessageRules;
import build.buf.validate.Rule;
import build.buf.validate.ValidateProto;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.OneofDescriptor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import vesper.gateway.transcoding.WellKnown;

/// The JSON Schemas of messages and enums: what the edge takes and what it answers, by the types
/// and rules of the contracts.
final class Schemas {
  private static final String WHOLE = "^-?[0-9]+$";
  private static final String SECONDS = "^-?[0-9]+(\\.[0-9]{1,9})?s$";
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Comments comments;
  private final Set<Descriptor> asked = new HashSet<>();
  private final Map<String, ObjectNode> components = new TreeMap<>();

  /// @param requests what clients send; a type that they send refuses fields that it does not know,
  ///   a type that they only get may gain some
  Schemas(Comments comments, List<Descriptor> requests) {
    this.comments = comments;
    requests.forEach(this::ask);
  }

  private void ask(Descriptor type) {
    if (asked.add(type)) {
      type.getFields().stream()
          .filter(field -> field.getJavaType() == JavaType.MESSAGE)
          .forEach(field -> ask(field.getMessageType()));
    }
  }

  /// All schemas that were referred to, by name.
  Map<String, ObjectNode> components() {
    return components;
  }

  /// The schema of a message: a reference, or itself where it is a type of protobuf's own.
  ObjectNode of(Descriptor type) {
    return switch (WellKnown.of(type)) {
      case OBJECT -> {
        if (!components.containsKey(type.getFullName())) {
          // Before its fields, which may lead back to it.
          components.put(type.getFullName(), JSON.objectNode());
          components.put(type.getFullName(), object(type, Set.of()));
        }
        yield reference(type.getFullName());
      }
      case TIMESTAMP -> text().put("format", "date-time");
      case DURATION -> text().put("format", "protobuf-duration").put("pattern", SECONDS);
      case FIELD_MASK -> text().put("format", "field-mask");
      case WRAPPER -> scalar(type.findFieldByName("value"), true);
      case STRUCT -> JSON.objectNode().put("type", "object");
      case LIST -> JSON.objectNode().put("type", "array");
      case VALUE, ANY -> JSON.objectNode();
    };
  }

  /// The schema of a message without some of its fields, which come from elsewhere.
  ///
  /// @param without JSON names
  ObjectNode object(Descriptor type, Set<String> without) {
    ObjectNode schema = JSON.objectNode().put("type", "object");
    String description = describe(type);
    if (!description.isEmpty()) {
      schema.put("description", description);
    }
    boolean taken = asked.contains(type);
    ObjectNode properties = JSON.objectNode();
    ArrayNode required = JSON.arrayNode();
    for (FieldDescriptor field : type.getFields()) {
      if (without.contains(field.getJsonName())) {
        continue;
      }
      properties.set(field.getJsonName(), of(field, taken));
      // Answers hold every field without presence, also when it has its default.
      if (taken ? Rules.of(field).refuseAbsence() : !field.hasPresence()) {
        required.add(field.getJsonName());
      }
    }
    if (!properties.isEmpty()) {
      schema.set("properties", properties);
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    if (taken) {
      schema.put("additionalProperties", false);
      exclusive(type, schema);
    }
    return schema;
  }

  /// The schema of a field, with its comment and rules.
  ///
  /// @param taken whether clients send it
  ObjectNode of(FieldDescriptor field, boolean taken) {
    ObjectNode schema;
    Rules rules = Rules.of(field);
    if (field.isMapField()) {
      schema = JSON.objectNode().put("type", "object");
      ObjectNode names = JSON.objectNode();
      rules.keys().addTo(names);
      if (!names.isEmpty()) {
        schema.set("propertyNames", names);
      }
      schema.set("additionalProperties", single(rules.values(), taken));
    } else if (field.isRepeated()) {
      schema = JSON.objectNode().put("type", "array");
      schema.set("items", single(rules.items(), taken));
    } else {
      schema = JSON.objectNode();
    }
    if (field.isRepeated()) {
      rules.addTo(schema);
    } else {
      schema = single(rules, taken);
    }
    String comment = comments.of(field.getFullName());
    if (!comment.isEmpty()) {
      schema.put("description", comment);
    }
    return schema;
  }

  /// The schema of a value in a path or a query, where everything is text.
  ObjectNode parameter(FieldDescriptor field) {
    ObjectNode schema =
        field.getJavaType() == JavaType.LONG && !field.isRepeated()
            ? JSON.objectNode().put("type", "integer").put("format", "int64")
            : of(field, true);
    if (field.getJavaType() == JavaType.LONG && !field.isRepeated()) {
      Rules.of(field).addTo(schema);
    }
    schema.remove("description");
    return schema;
  }

  private ObjectNode single(Rules rules, boolean taken) {
    FieldDescriptor field = rules.field();
    ObjectNode schema =
        switch (field.getJavaType()) {
          case MESSAGE -> of(field.getMessageType());
          case ENUM -> of(field.getEnumType());
          default -> scalar(field, taken);
        };
    if (field.getJavaType() != JavaType.MESSAGE) {
      rules.addTo(schema);
    }
    return schema;
  }

  private ObjectNode scalar(FieldDescriptor field, boolean taken) {
    return switch (field.getType()) {
      case INT32, SINT32, SFIXED32 -> number("integer", "int32");
      case UINT32, FIXED32 -> number("integer", "int64").put("minimum", 0);
      case INT64, SINT64, SFIXED64 -> whole("int64", taken);
      case UINT64, FIXED64 -> whole("uint64", taken);
      case FLOAT -> number("number", "float");
      case DOUBLE -> number("number", "double");
      case BOOL -> JSON.objectNode().put("type", "boolean");
      case STRING -> text();
      case BYTES -> text().put("contentEncoding", "base64");
      case ENUM, MESSAGE, GROUP -> throw new IllegalArgumentException(field.getFullName());
    };
  }

  // Sent as text, because numbers of JavaScript are not exact beyond 2^53; taken as both.
  private static ObjectNode whole(String format, boolean taken) {
    ObjectNode schema = JSON.objectNode();
    if (taken) {
      schema.putArray("type").add("string").add("integer");
    } else {
      schema.put("type", "string");
    }
    return schema.put("format", format).put("pattern", WHOLE);
  }

  private ObjectNode of(EnumDescriptor type) {
    components.computeIfAbsent(
        type.getFullName(),
        name -> {
          ObjectNode schema = text();
          List<String> lines = new ArrayList<>();
          lines.add(comments.of(name));
          ArrayNode values = schema.putArray("enum");
          String scope = name.substring(0, name.length() - type.getName().length());
          for (EnumValueDescriptor value : type.getValues()) {
            values.add(value.getName());
            lines.add(
                "- `%s`: %s".formatted(value.getName(), comments.of(scope + value.getName())));
          }
          return schema.put("description", String.join("\n", lines).strip());
        });
    return reference(type.getFullName());
  }

  private String describe(Descriptor type) {
    List<String> parts = new ArrayList<>();
    parts.add(comments.of(type.getFullName()));
    MessageRules rules = type.getOptions().getExtension(ValidateProto.message);
    for (Rule rule : rules.getCelList()) {
      parts.add("It " + rule.getMessage() + ".");
    }
    return String.join(" ", parts).strip();
  }

  // Of a oneof at most one member may be given, and one must be when the contract says so.
  private static void exclusive(Descriptor type, ObjectNode schema) {
    ArrayNode rules = JSON.arrayNode();
    for (OneofDescriptor oneof : type.getRealOneofs()) {
      boolean required = oneof.getOptions().getExtension(ValidateProto.oneof).getRequired();
      ArrayNode choices = JSON.arrayNode();
      for (FieldDescriptor field : oneof.getFields()) {
        choices.addObject().putArray("required").add(field.getJsonName());
      }
      if (!required) {
        ObjectNode none = choices.addObject();
        ArrayNode any = none.putObject("not").putArray("anyOf");
        for (FieldDescriptor field : oneof.getFields()) {
          any.addObject().putArray("required").add(field.getJsonName());
        }
      }
      rules.addObject().set("oneOf", choices);
    }
    if (rules.size() == 1) {
      schema.setAll((ObjectNode) rules.get(0));
    } else if (rules.size() > 1) {
      schema.set("allOf", rules);
    }
  }

  private static ObjectNode reference(String name) {
    return JSON.objectNode().put("$ref", "#/components/schemas/" + name);
  }

  private static ObjectNode text() {
    return JSON.objectNode().put("type", "string");
  }

  private static ObjectNode number(String type, String format) {
    return JSON.objectNode().put("type", type).put("format", format);
  }
}
