package vesper.runtime;

import build.buf.protovalidate.Config;
import build.buf.protovalidate.ValidationResult;
import build.buf.protovalidate.Validator;
import build.buf.protovalidate.ValidatorFactory;
import build.buf.protovalidate.Violation;
import build.buf.protovalidate.exceptions.ValidationException;
import build.buf.validate.FieldPath;
import build.buf.validate.FieldPathElement;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest.FieldViolation;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Checks requests against the rules of their contracts.
final class Validation {
  private static final int MOST_VIOLATIONS = 20;

  private final Validator validator =
      ValidatorFactory.newBuilder()
          .withConfig(Config.newBuilder().setEnableNativeRules(true).build())
          .build();

  /// Compiles the rules of these messages, so that no call waits for it.
  void warm(Collection<Descriptor> requests) {
    for (Descriptor request : requests) {
      validate(DynamicMessage.getDefaultInstance(request));
    }
  }

  /// Refuses a request that breaks a rule, with the JSON path of each field.
  void check(Message request) {
    ValidationResult result = validate(request);
    if (!result.isSuccess()) {
      throw Refusal.invalid(
          result.getViolations().stream()
              .limit(MOST_VIOLATIONS)
              .map(Violation::toProto)
              .map(violation ->
                  FieldViolation.newBuilder()
                      .setField(path(request.getDescriptorForType(), violation.getField()))
                      .setDescription(violation.getMessage())
                      .build())
              .toList());
    }
  }

  private ValidationResult validate(Message request) {
    try {
      return validator.validate(request);
    } catch (ValidationException e) {
      throw new IllegalStateException(
          "rules of " + request.getDescriptorForType().getFullName() + " cannot be run", e);
    }
  }

  private static String path(Descriptor request, FieldPath path) {
    StringBuilder text = new StringBuilder();
    @Nullable Descriptor at = request;
    List<FieldPathElement> elements = path.getElementsList();
    for (FieldPathElement element : elements) {
      FieldDescriptor field = at == null ? null : at.findFieldByNumber(element.getFieldNumber());
      if (!text.isEmpty()) {
        text.append('.');
      }
      // A oneof has a name and no number.
      text.append(field == null ? camelCase(element.getFieldName()) : field.getJsonName());
      switch (element.getSubscriptCase()) {
        case INDEX -> text.append('[').append(element.getIndex()).append(']');
        case BOOL_KEY -> text.append('[').append(element.getBoolKey()).append(']');
        case INT_KEY -> text.append('[').append(element.getIntKey()).append(']');
        case UINT_KEY ->
            text.append('[').append(Long.toUnsignedString(element.getUintKey())).append(']');
        case STRING_KEY -> text.append("[\"").append(element.getStringKey()).append("\"]");
        case SUBSCRIPT_NOT_SET -> {}
      }
      at = next(field);
    }
    return text.toString();
  }

  private static @Nullable Descriptor next(@Nullable FieldDescriptor field) {
    if (field == null || field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
      return null;
    }
    FieldDescriptor value =
        field.isMapField() ? field.getMessageType().findFieldByNumber(2) : field;
    return value.getJavaType() == FieldDescriptor.JavaType.MESSAGE ? value.getMessageType() : null;
  }

  private static String camelCase(String name) {
    StringBuilder camel = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c != '_') {
        boolean up = i > 0 && name.charAt(i - 1) == '_';
        camel.append(up ? Character.toUpperCase(c) : c);
      }
    }
    return camel.toString();
  }
}
