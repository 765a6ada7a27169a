package vesper.gateway.transcoding;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the JSON of a message type may hold, prepared once.
final class Shape {
  /// A field.
  ///
  /// @param field its descriptor
  /// @param message shape of its messages, or of a map's entries; null for other values
  record Member(FieldDescriptor field, @Nullable Shape message) {
    /// The shape of its messages.
    Shape messageShape() {
      if (message == null) {
        throw new IllegalStateException(field.getFullName());
      }
      return message;
    }
  }

  /// All shapes that requests need.
  static final class Catalog {
    private final Map<Descriptor, Shape> shapes = new HashMap<>();

    /// Returns the shape of a type.
    ///
    /// @throws IllegalArgumentException when the type holds a `google.protobuf.Any`
    Shape of(Descriptor type) {
      Shape known = shapes.get(type);
      if (known != null) {
        return known;
      }
      Shape shape = new Shape(type);
      if (shape.form == WellKnown.ANY) {
        throw new IllegalArgumentException("google.protobuf.Any is not transcoded");
      }
      shapes.put(type, shape);
      if (shape.form != WellKnown.OBJECT && shape.form != WellKnown.WRAPPER) {
        return shape;
      }
      for (FieldDescriptor field : type.getFields()) {
        boolean message = field.getJavaType() == JavaType.MESSAGE;
        Member member = new Member(field, message ? of(field.getMessageType()) : null);
        shape.members.put(field.getJsonName(), member);
        shape.members.put(field.getName(), member);
      }
      return shape;
    }
  }

  private final Descriptor type;
  private final WellKnown form;
  private final Map<String, Member> members = new HashMap<>();

  private Shape(Descriptor type) {
    this.type = type;
    this.form = WellKnown.of(type);
  }

  Descriptor type() {
    return type;
  }

  WellKnown form() {
    return form;
  }

  /// The field of a JSON name or a name in the contract.
  @Nullable Member find(String name) {
    return members.get(name);
  }

  /// The field of a map's entry or of a wrapper.
  Member get(String name) {
    Member member = members.get(name);
    if (member == null) {
      throw new IllegalStateException(type.getFullName() + "." + name);
    }
    return member;
  }

  /// The JSON names of all fields.
  List<String> names() {
    return type.getFields().stream().map(FieldDescriptor::getJsonName).toList();
  }
}
