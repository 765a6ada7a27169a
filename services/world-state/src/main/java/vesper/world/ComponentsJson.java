package vesper.world;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/// Components as the JSON that is stored: one object with a key for each.
final class ComponentsJson {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().omittingInsignificantWhitespace();
  private static final JsonFormat.Parser PARSER = JsonFormat.parser();

  static String write(SortedMap<String, Struct> components) {
    Struct.Builder all = Struct.newBuilder();
    components.forEach((name, component) ->
        all.putFields(name, Value.newBuilder().setStructValue(component).build()));
    try {
      return PRINTER.print(all);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a component is no JSON", e);
    }
  }

  static SortedMap<String, Struct> read(String json) {
    Struct.Builder all = Struct.newBuilder();
    try {
      PARSER.merge(json, all);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("stored components cannot be read", e);
    }
    SortedMap<String, Struct> components = new TreeMap<>();
    all.getFieldsMap().forEach((name, value) -> components.put(name, value.getStructValue()));
    return components;
  }

  private ComponentsJson() {}
}
