package vesper.worldpack;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// Reads parts of a file whose keys the author chooses, into values as JSON has them.
final class FreeValues {
  /// How deep they may be nested.
  static final int MAX_DEPTH = 16;

  private final YamlBinder binder;
  private int depth;

  /// @param binder takes places and faults
  FreeValues(YamlBinder binder) {
    this.binder = binder;
  }

  /// Returns what stands behind each key, and notes where.
  Map<String, Node> pairs(MappingNode mapping, String path) {
    var pairs = new LinkedHashMap<String, Node>();
    for (var entry : mapping.getValue()) {
      var position = Position.of(entry.getKeyNode().getStartMark());
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        binder.fault(position, path, "A key is a word.", "Remove the brackets.");
        continue;
      }
      var value = entry.getValueNode();
      var at = YamlBinder.child(path, key.getValue());
      if (pairs.putIfAbsent(key.getValue(), value) != null) {
        binder.fault(
            position, at, "The key \"%s\" stands twice.".formatted(key.getValue()), "Remove one.");
        continue;
      }
      binder.place(at, value instanceof ScalarNode ? Position.of(value.getStartMark()) : position);
    }
    return pairs;
  }

  /// Reads keys with their values.
  Struct struct(MappingNode mapping, String path) {
    var struct = Struct.newBuilder();
    pairs(mapping, path)
        .forEach((key, node) ->
            value(node, YamlBinder.child(path, key))
                .ifPresent(value -> struct.putFields(key, value)));
    return struct.build();
  }

  /// Reads any value; empty, with a finding, when it is none.
  Optional<Value> value(Node node, String path) {
    if (binder.isAlias(node, path)) {
      return Optional.empty();
    }
    if (++depth > MAX_DEPTH) {
      depth--;
      binder.fault(
          Position.of(node.getStartMark()),
          path,
          "This is nested too deep.",
          "At most %d levels.".formatted(MAX_DEPTH));
      return Optional.empty();
    }
    try {
      return switch (node) {
        case ScalarNode scalar -> scalar(scalar, path);
        case MappingNode mapping ->
            Optional.of(Value.newBuilder().setStructValue(struct(mapping, path)).build());
        case SequenceNode list ->
            Optional.of(Value.newBuilder().setListValue(list(list, path)).build());
        default -> throw new IllegalStateException("A node of no kind");
      };
    } finally {
      depth--;
    }
  }

  private ListValue list(SequenceNode list, String path) {
    var values = ListValue.newBuilder();
    int index = 0;
    for (var item : list.getValue()) {
      var at = path + "[" + index++ + "]";
      binder.place(at, Position.of(item.getStartMark()));
      value(item, at).ifPresent(values::addValues);
    }
    return values.build();
  }

  private Optional<Value> scalar(ScalarNode scalar, String path) {
    var text = scalar.getValue();
    if (scalar.getTag().equals(Tag.NULL)) {
      return Optional.of(Value.newBuilder().setNullValue(NullValue.NULL_VALUE).build());
    }
    if (scalar.isPlain() && (text.equals("true") || text.equals("false"))) {
      return Optional.of(Value.newBuilder().setBoolValue(text.equals("true")).build());
    }
    if (scalar.isPlain() && YamlBinder.NUMBER.matcher(text).matches()) {
      double number = Double.parseDouble(text);
      if (!Double.isFinite(number)) {
        binder.fault(
            Position.of(scalar.getStartMark()), path, "The number is too large.", "Quote it.");
        return Optional.empty();
      }
      return Optional.of(Value.newBuilder().setNumberValue(number).build());
    }
    if (text.indexOf('\0') >= 0) {
      binder.fault(
          Position.of(scalar.getStartMark()), path, "The text holds U+0000.", "Leave it out.");
      return Optional.empty();
    }
    return Optional.of(Value.newBuilder().setStringValue(text).build());
  }
}
