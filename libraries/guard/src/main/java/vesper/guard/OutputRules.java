package vesper.guard;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What no shown text may hold: what is banned everywhere, what is closed in this answer, and what
/// belongs to the prompt alone. Immutable, and safe to share.
public final class OutputRules {
  private static final Lexicon BANS = Lexicon.load("hard-bans.en.txt");
  private static final OutputRules STANDARD =
      new OutputRules(ClosedTerms.NONE, PromptLeak.NONE, Markers.STANDARD);

  private final ClosedTerms closed;
  private final PromptLeak leak;
  private final Markers markers;

  private OutputRules(ClosedTerms closed, PromptLeak leak, Markers markers) {
    this.closed = closed;
    this.leak = leak;
    this.markers = markers;
  }

  /// Returns the rules that hold for every text.
  public static OutputRules standard() {
    return STANDARD;
  }

  /// Returns these rules with the given terms closed.
  public OutputRules closing(ClosedTerms terms) {
    return new OutputRules(terms, leak, markers);
  }

  /// Returns these rules, and that no twenty words in a row of `texts` may be shown.
  public OutputRules hiding(Collection<String> texts) {
    return new OutputRules(closed, PromptLeak.of(texts), markers);
  }

  /// Returns these rules, and that none of `delimiters` may be shown.
  public OutputRules delimitedBy(Collection<String> delimiters) {
    return new OutputRules(closed, leak, Markers.with(List.copyOf(delimiters)));
  }

  /// Finds the first rule that a text breaks.
  public Optional<Verdict> check(String text) {
    var marker = markers.find(text);
    if (marker.isPresent()) {
      return marker;
    }
    var reading = Reading.of(text);
    return closed
        .find(reading)
        .or(() ->
            BANS.find(reading).stream()
                .findFirst()
                .map(ban -> Verdict.output(ban.rule(), ban.start(), ban.end())))
        .or(() -> leak.find(reading));
  }

  /// Characters of the longest closed term.
  int longestTerm() {
    return closed.longest();
  }
}
