package vesper.guard;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Marks that part a prompt: those of models' chat formats, and those of one prompt.
final class Markers {
  static final String RULE = "delimiter";
  private static final String CHAT_FORMATS =
      "<\\|[a-z_]{2,30}\\|>|\\[/?INST\\]|<</?SYS>>|</?(?:system|assistant|tool_call|player_input)>"
          + "|^#{2,4} ?(?:system|instructions?|assistant) ?:?\\s*$";
  static final Markers STANDARD = with(List.of());

  private final Pattern pattern;

  private Markers(Pattern pattern) {
    this.pattern = pattern;
  }

  /// Returns the standard marks and the given ones; blanks within them do not matter.
  static Markers with(List<String> delimiters) {
    var own =
        delimiters.stream()
            .map(d -> d.replaceAll("\\s", ""))
            .filter(d -> !d.isEmpty())
            .map(Markers::spaced);
    return new Markers(
        Pattern.compile(
            Stream.concat(Stream.of(CHAT_FORMATS), own).collect(Collectors.joining("|")),
            Pattern.CASE_INSENSITIVE | Pattern.MULTILINE));
  }

  private static String spaced(String delimiter) {
    return delimiter
        .codePoints()
        .mapToObj(Character::toString)
        .map(Pattern::quote)
        .collect(Collectors.joining("[\\s\u200b-\u200f\u2060\ufeff]{0,2}"));
  }

  Optional<Verdict> find(String text) {
    var matcher = pattern.matcher(text);
    return matcher.find()
        ? Optional.of(Verdict.output(RULE, matcher.start(), matcher.end()))
        : Optional.empty();
  }
}
