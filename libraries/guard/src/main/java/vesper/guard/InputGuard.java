package vesper.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Judges words on their way into a prompt: their length, invisible characters, and whether they
/// try to steer the model (ai.md GR-8). The signals' weights add up: from .5 on the text is made
/// harmless, from .8 on no model may be asked.
public final class InputGuard {
  /// Rule of the verdicts on steering.
  public static final String INJECTION = "injection";

  /// Rule of the verdict on a text that is too long.
  public static final String TOO_LONG = "input-length";

  /// From this sum on a text is made harmless.
  public static final double NEUTRALISE = .5;

  /// From this sum on no model may be asked.
  public static final double BLOCK = .8;

  private static final Lexicon STEERING = Lexicon.load("injection.en.txt");
  private static final String OVERRIDE = "override";
  private static final String REMOVED = "\u2026";
  private static final Pattern INVISIBLE =
      Pattern.compile(
          "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
              + "|[\\x{E0000}-\\x{E007F}]|(?<=\\p{IsLatin})[\u200c\u200d](?=\\p{IsLatin})");
  private static final Pattern ROLE =
      Pattern.compile(
          "(?:^|\\n)\\s*(?:#{1,4}\\s*)?(?:system|assistant|developer|user|ai|model)\\s*:"
              + "|<\\|[a-z_]{2,30}\\|>|\\[/?INST\\]|<</?SYS>>"
              + "|</?(?:system|assistant|user|developer)>"
              + "|\"role\"\\s*:|^#{2,4}\\s*(?:system|instructions?|response)\\b",
          Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);
  private static final Pattern TOOL =
      Pattern.compile(
          "</?tool_?call>|\"?(?:function_call|tool_calls?|tool_use)\"?\\s*[:=(]"
              + "|\\{\\s*\"(?:name|tool|function|action|kind)\"\\s*:|```\\s*(?:json|tool|python|sh)"
              + "|\\{\\{[^}]{0,80}\\}\\}",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern ENCODED =
      Pattern.compile("(?:[0-9a-fA-F]{2}[\\s:]?){32,}|[A-Za-z0-9+/_-]{64,}={0,2}");
  private static final Pattern FORGED =
      Pattern.compile(
          "<{3,}|>{3,}|={5,}|-{5,}\\s*(?:begin|end)\\b"
              + "|\\bend of (?:player|user) (?:input|speech|message|words)\\b"
              + "|</?(?:player|player_input|quote|input|speech|user_input|context|lore)>",
          Pattern.CASE_INSENSITIVE);

  private final int maxChars;
  private final Markers delimiters;

  /// What became of a text.
  ///
  /// @param text the text to use, the same one unless it was made harmless; empty when blocked
  /// @param verdicts what was found, in order
  /// @param injection sum of the signals' weights
  public record Checked(String text, List<Verdict> verdicts, double injection) {

    /// Whether no model may be asked.
    public boolean blocked() {
      return verdicts.stream().anyMatch(v -> v.action() == Verdict.Action.BLOCK);
    }
  }

  private record Signal(String name, double weight, int start, int end) {}

  /// Makes a guard for texts of at most so many characters.
  ///
  /// @param delimiters texts that part a prompt and that no input may hold; may be empty
  public InputGuard(int maxChars, List<String> delimiters) {
    this.maxChars = maxChars;
    this.delimiters = Markers.with(delimiters);
  }

  /// Judges a text.
  public Checked check(String text) {
    if (text.length() > maxChars) {
      return new Checked("", List.of(verdict(TOO_LONG, Verdict.Action.BLOCK, 0, text.length())), 0);
    }
    var signals = signals(text);
    // Tenths add up exactly where doubles do not.
    long tenths =
        signals.stream()
            .collect(Collectors.toMap(Signal::name, Signal::weight, Math::max))
            .values()
            .stream()
            .mapToLong(weight -> Math.round(weight * 10))
            .sum();
    double sum = tenths / 10.0;
    if (sum < NEUTRALISE) {
      return new Checked(
          text,
          signals.stream()
              .map(s ->
                  verdict(INJECTION + "." + s.name(), Verdict.Action.ALLOW, s.start(), s.end()))
              .toList(),
          sum);
    }
    var action = sum >= BLOCK ? Verdict.Action.BLOCK : Verdict.Action.NEUTRALISE;
    var verdicts =
        signals.stream()
            .map(s -> verdict(INJECTION + "." + s.name(), action, s.start(), s.end()))
            .toList();
    return new Checked(sum >= BLOCK ? "" : without(signals, text), verdicts, sum);
  }

  private List<Signal> signals(String text) {
    List<Signal> signals = new ArrayList<>();
    add(signals, "role-marker", .4, ROLE, text);
    for (var finding : STEERING.find(Reading.of(text))) {
      boolean override = finding.rule().equals(OVERRIDE);
      signals.add(
          new Signal(
              override ? OVERRIDE : "prompt-request",
              override ? .5 : .4,
              finding.start(),
              finding.end()));
    }
    add(signals, "tool-syntax", .3, TOOL, text);
    add(signals, "encoded", .3, ENCODED, text);
    add(signals, "invisible", .2, INVISIBLE, text);
    add(signals, "forged-delimiter", .6, FORGED, text);
    delimiters
        .find(text)
        .filter(v -> signals.stream().noneMatch(s -> s.start() <= v.start() && v.start() < s.end()))
        .ifPresent(v -> signals.add(new Signal("forged-delimiter", .6, v.start(), v.end())));
    return signals;
  }

  private static void add(
      List<Signal> signals, String name, double weight, Pattern pattern, String text) {
    var matcher = pattern.matcher(text);
    while (matcher.find()) {
      signals.add(new Signal(name, weight, matcher.start(), matcher.end()));
    }
  }

  /// Returns the text with what was found left out.
  private static String without(List<Signal> signals, String text) {
    var rest = new StringBuilder();
    int at = 0;
    var ordered = signals.stream().sorted((a, b) -> Integer.compare(a.start(), b.start())).toList();
    for (var signal : ordered) {
      if (signal.start() >= at) {
        rest.append(text, at, signal.start());
        if (!signal.name().equals("invisible")) {
          rest.append(REMOVED);
        }
      }
      at = Math.max(at, signal.end());
    }
    return rest.append(text, at, text.length()).toString();
  }

  private static Verdict verdict(String rule, Verdict.Action action, int start, int end) {
    return new Verdict(rule, Verdict.Place.INPUT, action, start, end);
  }
}
