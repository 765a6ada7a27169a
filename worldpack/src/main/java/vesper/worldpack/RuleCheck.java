package vesper.worldpack;

import build.buf.protovalidate.Validator;
import build.buf.protovalidate.ValidatorFactory;
import build.buf.protovalidate.exceptions.ValidationException;
import build.buf.validate.FieldPath;
import build.buf.validate.Violation;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import vesper.pack.v1.Calendar;

/// Checks a file against the rules its message declares (`buf.validate`).
final class RuleCheck {
  private static final Validator VALIDATOR = ValidatorFactory.newBuilder().build();
  private static final Pattern RELATION =
      Pattern.compile("(^|.*\\.)(trust|affection|respect|fear|min_standing|max_standing)");

  private RuleCheck() {}

  /// Reports every broken rule, except at paths that have a finding already.
  static void check(Document<?> document, Set<String> faulty, Findings findings) {
    for (var violation : violations(document)) {
      var path = path(violation.getField());
      if (!faulty.contains(path)) {
        findings.error(code(document, path), document, path, sentence(violation), hint(violation));
      }
    }
  }

  private static List<Violation> violations(Document<?> document) {
    try {
      return VALIDATOR.validate(document.message()).toProto().getViolationsList();
    } catch (ValidationException e) {
      throw new IllegalStateException("The rules of the pack messages are wrong", e);
    }
  }

  private static String code(Document<?> document, String path) {
    if (document.message() instanceof Calendar) {
      return "P008";
    }
    if (path.equals("persona")) {
      return "P019";
    }
    return RELATION.matcher(path).matches() ? "P009" : "P001";
  }

  private static String path(FieldPath fieldPath) {
    var path = new StringBuilder();
    for (var element : fieldPath.getElementsList()) {
      path.append(path.isEmpty() ? "" : ".").append(element.getFieldName());
      if (element.hasIndex()) {
        path.append('[').append(element.getIndex()).append(']');
      } else if (element.hasStringKey()) {
        path.append('.').append(element.getStringKey());
      }
    }
    return path.toString();
  }

  private static String sentence(Violation violation) {
    var rule = violation.getRuleId();
    if (rule.equals("required")) {
      return "A value is missing.";
    }
    if (rule.endsWith(".pattern")) {
      return "The value does not have the form it needs.";
    }
    var message = violation.getMessage().strip();
    return (message.startsWith("value ") ? "The " : "The value ") + message + ".";
  }

  private static String hint(Violation violation) {
    var rule = violation.getRuleId();
    if (rule.equals("required")) {
      return "Give one.";
    }
    var message = violation.getMessage();
    return rule.endsWith(".pattern")
        ? "It matches %s.".formatted(message.substring(message.indexOf('`') + 1).replace("`", ""))
        : "";
  }
}
