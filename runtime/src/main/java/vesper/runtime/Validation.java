package vesper.runtime;

import build.buf.protovalidate.Config;
import build.buf.protovalidate.ValidationResult;
import build.buf.protovalidate.Validator;
import build.buf.protovalidate.ValidatorFactory;
import build.buf.protovalidate.Violation;
import build.buf.protovalidate.exceptions.ValidationException;
import build.buf.validate.FieldPath;
import build.buf.validate.FieldPathElement;
import build.buf.validate.FieldRules;
import build.buf.validate.ValidateProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest.FieldViolation;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Checks requests against the rules of their contracts.
final class Validation {
  private static final int MOST_VIOLATIONS = 20;

  // The compiled rules of the library are much faster than its interpreted ones, but match a
  // pattern against the whole text where the specification searches for it. A request with such a
  // pattern is interpreted.
  private final Validator compiled = validator(true);
  private final Validator interpreted = validator(false);
  private final ConcurrentHashMap<Descriptor, Validator> chosen = new ConcurrentHashMap<>();

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
      Validator known = chosen.get(request.getDescriptorForType());
      if (known == null) {
        known = chosen.computeIfAbsent(request.getDescriptorForType(), this::choose);
      }
      return known.validate(request);
    } catch (ValidationException e) {
      throw new IllegalStateException(
          "rules of " + request.getDescriptorForType().getFullName() + " cannot be run", e);
    }
  }

  private Validator choose(Descriptor request) {
    return searches(request, new HashSet<>()) ? interpreted : compiled;
  }

  /// Whether a message or one in it has a pattern for which searching and matching may differ.
  private static boolean searches(Descriptor message, Set<Descriptor> seen) {
    if (!seen.add(message)) {
      return false;
    }
    for (FieldDescriptor field : message.getFields()) {
      FieldRules rules = field.getOptions().getExtension(ValidateProto.field);
      boolean nested =
          field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
              && searches(field.getMessageType(), seen);
      boolean own =
          Stream.of(
                  rules.getString(),
                  rules.getRepeated().getItems().getString(),
                  rules.getMap().getKeys().getString(),
                  rules.getMap().getValues().getString())
              .anyMatch(texts -> texts.hasPattern() && !isAnchored(texts.getPattern()));
      if (nested || own) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAnchored(String pattern) {
    return pattern.startsWith("^") && pattern.endsWith("$") && pattern.indexOf('|') < 0;
  }

  private static Validator validator(boolean compiled) {
    return ValidatorFactory.newBuilder()
        .withConfig(Config.newBuilder().setEnableNativeRules(compiled).build())
        .build();
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
