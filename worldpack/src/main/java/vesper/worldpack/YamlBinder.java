package vesper.worldpack;

import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// Reads one YAML file into a message by its descriptor, with the rules of protobuf's JSON form:
/// keys in snake_case or camelCase, unknown keys refused, a wrong type never converted. Enum values
/// are written in lower case without the prefix of their type. Every fault is a `P001` at its
/// place.
final class YamlBinder {
  private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]{1,19}");
  static final Pattern NUMBER =
      Pattern.compile("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]{1,3})?");

  private final String file;
  private final Findings findings;
  private final Map<String, Position> positions = new HashMap<>();
  private final Set<String> faulty = new HashSet<>();

  private YamlBinder(String file, Findings findings) {
    this.file = file;
    this.findings = findings;
  }

  /// What became of a file.
  ///
  /// @param document the file's message, as far as it could be read
  /// @param faulty the paths that have a finding already
  record Bound<M extends Message>(Document<M> document, Set<String> faulty) {}

  /// Reads a file into a message like the prototype; empty when it is no YAML mapping at all.
  static <M extends Message> Optional<Bound<M>> bind(
      SourceFile source, M prototype, Findings findings) {
    var binder = new YamlBinder(source.path(), findings);
    return YamlReader.read(source, findings)
        .map(root -> {
          var builder = prototype.newBuilderForType();
          binder.positions.put("", Position.of(root.getStartMark()));
          binder.bindMessage(root, builder, "");
          @SuppressWarnings("unchecked")
          var message = (M) builder.buildPartial();
          var document = new Document<>(source.path(), message, Map.copyOf(binder.positions));
          return new Bound<>(document, Set.copyOf(binder.faulty));
        });
  }

  private void bindMessage(MappingNode node, Message.Builder builder, String path) {
    var fields = new LinkedHashMap<String, FieldDescriptor>();
    for (var field : builder.getDescriptorForType().getFields()) {
      fields.put(field.getName(), field);
    }
    var seen = new HashSet<FieldDescriptor>();
    for (var entry : node.getValue()) {
      var keyPosition = Position.of(entry.getKeyNode().getStartMark());
      if (!(entry.getKeyNode() instanceof ScalarNode keyNode)) {
        fault(keyPosition, path, "A key is a word.", "Remove the brackets.");
        continue;
      }
      var key = keyNode.getValue();
      var field = findField(fields, key);
      if (field == null) {
        var nearest = Suggestion.nearest(key, fields.keySet());
        nearest.ifPresent(name -> faulty.add(child(path, name)));
        fault(
            keyPosition,
            child(path, key),
            "Unknown key \"%s\".".formatted(key),
            Suggestion.hint(key, fields.keySet()));
        continue;
      }
      var at = child(path, field.getName());
      if (!seen.add(field)) {
        fault(keyPosition, at, "The key \"%s\" stands twice.".formatted(key), "Remove one.");
        continue;
      }
      var value = entry.getValueNode();
      positions.put(
          at, value instanceof ScalarNode ? Position.of(value.getStartMark()) : keyPosition);
      if (field.isMapField()) {
        bindMap(value, builder, field, at);
      } else if (field.isRepeated()) {
        bindList(value, builder, field, at);
      } else {
        bindValue(value, builder, field, at).ifPresent(bound -> builder.setField(field, bound));
      }
    }
  }

  private static @Nullable FieldDescriptor findField(
      Map<String, FieldDescriptor> fields, String key) {
    var field = fields.get(key);
    if (field != null) {
      return field;
    }
    return fields.values().stream()
        .filter(candidate -> candidate.getJsonName().equals(key))
        .findFirst()
        .orElse(null);
  }

  private void bindList(Node node, Message.Builder builder, FieldDescriptor field, String path) {
    if (!(node instanceof SequenceNode list) || isAlias(node, path)) {
      fault(
          Position.of(node.getStartMark()),
          path,
          "Expected a list, found %s.".formatted(describe(node)),
          "Write [one, two], or one \"- value\" a line.");
      return;
    }
    int index = 0;
    for (var item : list.getValue()) {
      var at = path + "[" + index++ + "]";
      positions.put(at, Position.of(item.getStartMark()));
      // A value that cannot be read keeps its place, so that later indexes stay true.
      var value = bindValue(item, builder, field, at).orElseGet(() -> blank(builder, field));
      builder.addRepeatedField(field, value);
    }
  }

  private void bindMap(Node node, Message.Builder builder, FieldDescriptor field, String path) {
    if (isAlias(node, path)) {
      return;
    }
    if (!(node instanceof MappingNode mapping)) {
      fault(
          Position.of(node.getStartMark()),
          path,
          "Expected keys, found %s.".formatted(describe(node)),
          "Write one \"name: value\" a line below it.");
      return;
    }
    var value = field.getMessageType().findFieldByName("value");
    for (var pair : new FreeValues(this).pairs(mapping, path).entrySet()) {
      var entry = builder.newBuilderForField(field);
      entry.setField(field.getMessageType().findFieldByName("key"), pair.getKey());
      bindValue(pair.getValue(), entry, value, child(path, pair.getKey()))
          .ifPresent(bound -> entry.setField(value, bound));
      builder.addRepeatedField(field, entry.buildPartial());
    }
  }

  private static Object blank(Message.Builder builder, FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case MESSAGE -> builder.newBuilderForField(field).buildPartial();
      case ENUM -> field.getEnumType().getValues().getFirst();
      case STRING -> "";
      default -> throw unsupported(field);
    };
  }

  private Optional<Object> bindValue(
      Node node, Message.Builder parent, FieldDescriptor field, String path) {
    if (isAlias(node, path)) {
      return Optional.empty();
    }
    if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
      var type = field.getMessageType();
      if (type.equals(Value.getDescriptor())) {
        return new FreeValues(this).value(node, path).map(value -> value);
      }
      if (node instanceof MappingNode mapping && type.equals(Struct.getDescriptor())) {
        return Optional.of(new FreeValues(this).struct(mapping, path));
      }
      if (node instanceof MappingNode mapping) {
        var builder = parent.newBuilderForField(field);
        bindMessage(mapping, builder, path);
        return Optional.of(builder.buildPartial());
      }
      if (type.equals(Struct.getDescriptor())) {
        return wrong(node, path, "keys", "Write one \"name: value\" a line below it.");
      }
      var fields = type.getFields();
      if (fields.size() == 1 && fields.getFirst().isRepeated()) {
        // A message that is nothing but a list is written as one.
        var builder = parent.newBuilderForField(field);
        bindList(node, builder, fields.getFirst(), child(path, fields.getFirst().getName()));
        return Optional.of(builder.buildPartial());
      }
      var keys = fields.stream().map(FieldDescriptor::getName).toList();
      return wrong(node, path, "keys", "Write the keys %s below it.".formatted(joined(keys)));
    }
    if (!(node instanceof ScalarNode scalar) || scalar.getTag().equals(Tag.NULL)) {
      var hint =
          node instanceof MappingNode
              ? "Quote the text: a colon and a space begin a mapping."
              : "Give a value, or leave the key out.";
      return wrong(node, path, noun(field), hint);
    }
    return bindScalar(scalar, field, path);
  }

  private Optional<Object> bindScalar(ScalarNode node, FieldDescriptor field, String path) {
    var text = node.getValue();
    return switch (field.getJavaType()) {
      case STRING -> Optional.of(text);
      case BOOLEAN ->
          node.isPlain() && (text.equals("true") || text.equals("false"))
              ? Optional.of(text.equals("true"))
              : wrong(node, path, noun(field), "Write true or false.");
      case INT, LONG -> bindWhole(node, field, path);
      case DOUBLE ->
          node.isPlain() && NUMBER.matcher(text).matches()
              ? Optional.of(Double.parseDouble(text))
              : wrong(node, path, noun(field), "Write it without quotes and units.");
      case ENUM -> bindEnum(node, field.getEnumType(), path);
      default -> throw unsupported(field);
    };
  }

  private Optional<Object> bindWhole(ScalarNode node, FieldDescriptor field, String path) {
    boolean isInt = field.getJavaType() == FieldDescriptor.JavaType.INT;
    if (node.isPlain() && WHOLE.matcher(node.getValue()).matches()) {
      var value = new BigInteger(node.getValue());
      if (value.bitLength() < (isInt ? Integer.SIZE : Long.SIZE)) {
        return isInt ? Optional.of(value.intValue()) : Optional.of(value.longValue());
      }
    }
    return wrong(node, path, noun(field), "Write it without quotes and units.");
  }

  private Optional<Object> bindEnum(ScalarNode node, EnumDescriptor type, String path) {
    var text = node.getValue();
    var known = new LinkedHashMap<String, EnumValueDescriptor>();
    for (var value : type.getValues().subList(1, type.getValues().size())) {
      known.put(shortName(value), value);
    }
    var value = known.get(text.toLowerCase(Locale.ROOT));
    if (value == null) {
      value =
          known.values().stream().filter(v -> v.getName().equals(text)).findFirst().orElse(null);
    }
    if (value == null) {
      fault(
          Position.of(node.getStartMark()),
          path,
          "Unknown value \"%s\".".formatted(text),
          Suggestion.hint(text, known.keySet()));
    }
    return Optional.ofNullable(value);
  }

  /// Returns an enum value as packs write it: `ask_about` for `INTENT_ASK_ABOUT`.
  static String shortName(EnumValueDescriptor value) {
    var prefix = value.getType().getValues().getFirst().getName();
    int length = prefix.length() - "UNSPECIFIED".length();
    return value.getName().substring(length).toLowerCase(Locale.ROOT);
  }

  boolean isAlias(Node node, String path) {
    if (node.getAnchor().isEmpty()) {
      return false;
    }
    fault(
        Position.of(node.getStartMark()),
        path,
        "Anchors and aliases are not used in packs.",
        "Write the value out.");
    return true;
  }

  private Optional<Object> wrong(Node node, String path, String expected, String hint) {
    fault(
        Position.of(node.getStartMark()),
        path,
        "Expected %s, found %s.".formatted(expected, describe(node)),
        hint);
    return Optional.empty();
  }

  /// Notes where a part stands.
  void place(String path, Position position) {
    positions.put(path, position);
  }

  void fault(Position position, String path, String message, String hint) {
    faulty.add(path);
    findings.error("P001", file, position, path, message, hint);
  }

  static String child(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static String noun(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case STRING -> "text";
      case BOOLEAN -> "true or false";
      case INT, LONG -> "a whole number";
      case DOUBLE -> "a number";
      default -> "one of its values";
    };
  }

  private static String describe(Node node) {
    return switch (node) {
      case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> "nothing";
      case ScalarNode scalar when scalar.getValue().length() > 40 ->
          "\"" + scalar.getValue().substring(0, 40) + "…\"";
      case ScalarNode scalar -> "\"" + scalar.getValue() + "\"";
      case SequenceNode _ -> "a list";
      default -> "keys";
    };
  }

  private static String joined(List<String> keys) {
    return String.join(", ", keys);
  }

  private static IllegalStateException unsupported(FieldDescriptor field) {
    return new IllegalStateException("Pack messages have no fields like " + field.getFullName());
  }
}
