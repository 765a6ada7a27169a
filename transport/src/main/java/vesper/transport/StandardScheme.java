package vesper.transport;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The scheme `svc.<domain>.v<n>.<Method>` with queue group `q.<domain>`.
enum StandardScheme implements SubjectScheme {
  INSTANCE;

  private static final Pattern METHOD =
      Pattern.compile(
          "(?:[a-z][a-z0-9_]*\\.)*(?<domain>[a-z][a-z0-9_]*)\\.(?<version>v[0-9]+)"
              + "\\.[A-Za-z][A-Za-z0-9_]*/(?<method>[A-Z][A-Za-z0-9_]*)");

  @Override
  public Route route(String fullMethodName) {
    Matcher matcher = METHOD.matcher(fullMethodName);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "method '%s' is not of the form <domain>.v<n>.<Service>/<Method>"
              .formatted(fullMethodName));
    }
    String domain = matcher.group("domain");
    String prefix = "svc." + domain + "." + matcher.group("version") + ".";
    return new Route(domain, prefix + matcher.group("method"), "q." + domain, prefix + "control");
  }
}
