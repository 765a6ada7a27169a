package vesper.bench.fuzz;

import io.grpc.Status;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Says what no answer may be: a failure inside, or words that tell about the inside.
final class Judge {
  private static final Set<Integer> FAILED_INSIDE =
      Set.of(
          Status.Code.UNKNOWN.value(), Status.Code.INTERNAL.value(), Status.Code.DATA_LOSS.value());
  private static final Pattern CODE =
      Pattern.compile("\"code\": ?\"(INTERNAL|UNKNOWN|DATA_LOSS)\"");

  // Names of contracts (vesper.time.v1.Time) are public.
  private static final Pattern LEAK =
      Pattern.compile(
          "\\bat [\\w.$]+\\([\\w$]+\\.java"
              + "|\\b(?:java|javax|jdk|sun|org|com\\.zaxxer|com\\.linecorp|com\\.google\\.protobuf"
              + "|io\\.(?:grpc|nats|netty))(?:\\.[a-z]\\w*)+\\.[A-Z]\\w+"
              + "|\\bvesper\\.[a-z]+\\.[A-Z]\\w+"
              + "|\\b[A-Z]\\w*(?:Exception|Error)\\b"
              + "|\\bSQLSTATE\\b|\\bPSQL|\\bjdbc:|\\bpg_[a-z]+|\\brelation \"|\\bviolates "
              + "|\\bselect [\\w*, .]+ from \\w|\\binsert into \\w|\\bupdate \\w+\\.\\w+ set "
              + "|\\bnats://|(?<![\\w.])/(?:root|home|tmp|usr|var|opt|etc)/\\w");

  private Judge() {}

  /// Returns what is wrong with an answer over HTTP.
  static Optional<String> http(HttpWire.Answer answer) {
    if (answer.status() == 500 || answer.status() == 502) {
      return Optional.of("status " + answer.status());
    }
    String text = answer.text();
    if (CODE.matcher(text).find()) {
      return Optional.of("an answer that says it failed inside");
    }
    if (answer.status() >= 400
        && answer.header("content-type").filter(type -> type.contains("problem+json")).isEmpty()
        && !answer.body().isEmpty()) {
      return Optional.of("a refusal that is no problem document");
    }
    String headers = String.join("\n", answer.headers());
    // What is stored in a world is the world's; only refusals are the system's own words.
    return leak(headers).or(() -> answer.status() >= 400 ? leak(text) : Optional.empty());
  }

  /// Returns what is wrong with the end of a call.
  static Optional<String> call(int code, String description) {
    if (FAILED_INSIDE.contains(code)) {
      return Optional.of("status " + name(code));
    }
    return leak(description);
  }

  /// Returns a piece of text that should not have left the system.
  static Optional<String> leak(String text) {
    Matcher found = LEAK.matcher(text);
    return found.find() ? Optional.of("leaked text '" + found.group() + "'") : Optional.empty();
  }

  static String name(int code) {
    return code >= 0 && code < Status.Code.values().length
        ? Status.fromCodeValue(code).getCode().name()
        : String.format(Locale.ROOT, "code %d", code);
  }
}
