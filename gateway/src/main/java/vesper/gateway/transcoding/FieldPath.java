package vesper.gateway.transcoding;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import vesper.runtime.Suggestions;

/// The way to a field through messages, as in `date.month`.
///
/// @param fields from the request inwards
public record FieldPath(List<FieldDescriptor> fields) {
  /// Copies the fields.
  public FieldPath {
    fields = List.copyOf(fields);
  }

  /// Finds a field by JSON names or names of the contract.
  static FieldPath resolve(Descriptor type, String dotted) throws Unreadable {
    List<FieldDescriptor> fields = new ArrayList<>();
    Descriptor at = type;
    for (String name : dotted.split("\\.", -1)) {
      if (at == null) {
        throw new Unreadable("goes into a field that has no fields");
      }
      FieldDescriptor field = find(at, name);
      if (field == null) {
        List<String> known = at.getFields().stream().map(FieldDescriptor::getJsonName).toList();
        throw new Unreadable("unknown field" + Suggestions.didYouMean(name, known));
      }
      if (!fields.isEmpty() && fields.getLast().isRepeated()) {
        throw new Unreadable("goes into a repeated field");
      }
      fields.add(field);
      at = field.getJavaType() == JavaType.MESSAGE ? field.getMessageType() : null;
    }
    return new FieldPath(fields);
  }

  private static @Nullable FieldDescriptor find(Descriptor type, String name) {
    FieldDescriptor field = type.findFieldByName(name);
    if (field != null) {
      return field;
    }
    for (FieldDescriptor candidate : type.getFields()) {
      if (candidate.getJsonName().equals(name)) {
        return candidate;
      }
    }
    return null;
  }

  FieldDescriptor first() {
    return fields.getFirst();
  }

  /// The field it ends at.
  public FieldDescriptor leaf() {
    return fields.getLast();
  }

  /// The way in JSON names.
  public String json() {
    return fields.stream().map(FieldDescriptor::getJsonName).collect(Collectors.joining("."));
  }

  /// Sets or, where the field is repeated, adds a value.
  void put(Message.Builder request, Object value) throws Unreadable {
    Message.Builder holder = request;
    for (FieldDescriptor field : fields.subList(0, fields.size() - 1)) {
      checkOneof(holder, field);
      holder = holder.getFieldBuilder(field);
    }
    FieldDescriptor leaf = leaf();
    if (leaf.isRepeated()) {
      holder.addRepeatedField(leaf, value);
    } else {
      checkOneof(holder, leaf);
      holder.setField(leaf, value);
    }
  }

  private static void checkOneof(Message.Builder holder, FieldDescriptor field) throws Unreadable {
    OneofDescriptor oneof = field.getRealContainingOneof();
    if (oneof == null) {
      return;
    }
    FieldDescriptor other = holder.getOneofFieldDescriptor(oneof);
    if (other != null && other != field) {
      throw new Unreadable("cannot be given together with '" + other.getJsonName() + "'");
    }
  }
}
