package vesper.gateway.openapi;

import build.buf.validate.FieldRules;
import build.buf.validate.Ignore;
import build.buf.validate.ValidateProto;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the rules of a field say (protovalidate), in the keywords of JSON Schema. Rules without a
/// keyword are left to the field's comment.
///
/// @param field the field, or the key or value of a map
/// @param rules its rules, or those of the field's items, keys or values
record Rules(FieldDescriptor field, FieldRules rules) {
  private static final Map<String, String> FORMATS =
      Map.of(
          "uuid", "uuid",
          "email", "email",
          "hostname", "hostname",
          "ipv4", "ipv4",
          "ipv6", "ipv6",
          "uri", "uri",
          "uri_ref", "uri-reference");
  private static final Map<String, String> BOUNDS =
      Map.of(
          "gt", "exclusiveMinimum",
          "gte", "minimum",
          "lt", "exclusiveMaximum",
          "lte", "maximum",
          "min_items", "minItems",
          "max_items", "maxItems",
          "min_pairs", "minProperties",
          "max_pairs", "maxProperties");

  static Rules of(FieldDescriptor field) {
    return new Rules(field, field.getOptions().getExtension(ValidateProto.field));
  }

  /// The rules of each item of a repeated field.
  Rules items() {
    return new Rules(field, rules.getRepeated().getItems());
  }

  /// The rules of a map's keys.
  Rules keys() {
    return new Rules(field.getMessageType().findFieldByName("key"), rules.getMap().getKeys());
  }

  /// The rules of a map's values.
  Rules values() {
    return new Rules(field.getMessageType().findFieldByName("value"), rules.getMap().getValues());
  }

  /// Adds their keywords to a schema.
  void addTo(ObjectNode schema) {
    Message kind = kind();
    if (kind != null) {
      kind.getAllFields().forEach((rule, value) -> add(rule.getName(), value, schema));
    }
  }

  /// Whether a request without the field is refused.
  boolean refuseAbsence() {
    if (rules.getRequired()) {
      return true;
    }
    Message kind = kind();
    boolean unchecked =
        field.hasPresence()
            || rules.getIgnore() == Ignore.IGNORE_IF_ZERO_VALUE
            || rules.getIgnore() == Ignore.IGNORE_ALWAYS;
    return !unchecked
        && kind != null
        && kind.getAllFields().entrySet().stream()
            .anyMatch(rule -> refusesNothing(rule.getKey().getName(), rule.getValue()));
  }

  private @Nullable Message kind() {
    FieldDescriptor kind =
        rules.getOneofFieldDescriptor(FieldRules.getDescriptor().getOneofs().getFirst());
    return kind == null ? null : (Message) rules.getField(kind);
  }

  private void add(String rule, Object value, ObjectNode schema) {
    String bound = BOUNDS.get(rule);
    if (bound != null) {
      if (value instanceof Number number) {
        schema.put(bound, new BigDecimal(number.toString()));
      }
      return;
    }
    String format = FORMATS.get(rule);
    if (format != null) {
      schema.put("format", format);
      return;
    }
    switch (rule) {
      case "min_len" -> schema.put("minLength", characters((long) value, false));
      case "max_len" -> schema.put("maxLength", characters((long) value, true));
      case "len" -> {
        schema.put("minLength", characters((long) value, false));
        schema.put("maxLength", characters((long) value, true));
      }
      case "max_bytes" -> schema.put("maxLength", (long) value);
      case "pattern" -> schema.put("pattern", (String) value);
      case "unique" -> schema.put("uniqueItems", (boolean) value);
      case "const" -> values(schema.putArray("enum"), List.of(value));
      case "in" -> values(schema.putArray("enum"), (List<?>) value);
      case "not_in" -> values(schema.putObject("not").putArray("enum"), (List<?>) value);
      default -> {
        // The rest has no keyword.
      }
    }
  }

  // Bytes travel as base64, with or without padding.
  private long characters(long count, boolean most) {
    if (field.getJavaType() != JavaType.BYTE_STRING) {
      return count;
    }
    return most ? (count + 2) / 3 * 4 : (count * 4 + 2) / 3;
  }

  private void values(ArrayNode into, List<?> values) {
    for (Object value : values) {
      if (field.getJavaType() == JavaType.ENUM) {
        EnumValueDescriptor known = field.getEnumType().findValueByNumber((int) value);
        into.add(known == null ? String.valueOf(value) : known.getName());
      } else if (value instanceof Number number && field.getJavaType() != JavaType.LONG) {
        into.add(new BigDecimal(number.toString()));
      } else {
        into.add(String.valueOf(value));
      }
    }
  }

  // Whether the default of the field's type breaks a rule.
  private boolean refusesNothing(String rule, Object value) {
    return switch (rule) {
      case "gt" -> number(value) >= 0;
      case "gte" -> number(value) > 0;
      case "lt" -> number(value) <= 0;
      case "lte" -> number(value) < 0;
      case "min_len", "len", "min_bytes", "len_bytes", "min_items", "min_pairs" ->
          number(value) > 0;
      case "pattern" -> !Pattern.compile(String.valueOf(value)).matcher("").find();
      case "prefix", "suffix", "contains" -> !isNothing(value);
      case "const" -> !isNothing(value);
      case "in" -> ((List<?>) value).stream().noneMatch(Rules::isNothing);
      case "not_in" -> ((List<?>) value).stream().anyMatch(Rules::isNothing);
      case "uri_ref" -> false;
      default -> FORMATS.containsKey(rule);
    };
  }

  private static double number(Object value) {
    return value instanceof Number number ? number.doubleValue() : 0;
  }

  private static boolean isNothing(Object value) {
    return switch (value) {
      case Number number -> number.doubleValue() == 0;
      case String text -> text.isEmpty();
      case ByteString bytes -> bytes.isEmpty();
      case Boolean truth -> !truth;
      default -> false;
    };
  }
}
