package vesper.world;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import vesper.runtime.Refusal;

/// Refuses components that are no JSON, or none that can be kept.
final class JsonCheck {
  /// How deep values may be nested in a component.
  static final int DEEPEST = 16;

  /// Refuses a component with INVALID_ARGUMENT.
  ///
  /// @param path where it stands in the request
  static void check(Struct component, String path) {
    check(component, path, 0);
  }

  private static void check(Struct struct, String path, int depth) {
    struct
        .getFieldsMap()
        .forEach((key, value) -> {
          checkText(key, path);
          check(value, path, depth + 1);
        });
  }

  private static void check(Value value, String path, int depth) {
    if (depth > DEEPEST) {
      throw Refusal.invalid(path, "is nested more than " + DEEPEST + " levels deep");
    }
    switch (value.getKindCase()) {
      case NULL_VALUE, BOOL_VALUE -> {}
      case NUMBER_VALUE -> {
        if (!Double.isFinite(value.getNumberValue())) {
          throw Refusal.invalid(path, "holds a number that is not finite");
        }
      }
      case STRING_VALUE -> checkText(value.getStringValue(), path);
      case STRUCT_VALUE -> check(value.getStructValue(), path, depth);
      case LIST_VALUE ->
          value.getListValue().getValuesList().forEach(item -> check(item, path, depth + 1));
      case KIND_NOT_SET -> throw Refusal.invalid(path, "holds a value of no kind");
    }
  }

  /// Refuses text with the character U+0000, which cannot be stored.
  static void checkText(String text, String path) {
    if (text.indexOf('\0') >= 0) {
      throw Refusal.invalid(path, "holds the character U+0000");
    }
  }

  private JsonCheck() {}
}
