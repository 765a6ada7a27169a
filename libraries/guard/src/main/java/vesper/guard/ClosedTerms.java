package vesper.guard;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Names and words that must not be said in one answer, because they belong to what is closed to
/// the one who would say or hear them. They are found as whole words in singular and plural, in any
/// spelling that a person would still read as them.
public final class ClosedTerms {
  /// Rule of the verdicts.
  public static final String RULE = "closed-term";

  /// Nothing is closed.
  public static final ClosedTerms NONE = of(List.of());

  private final Phrases<String> terms;
  private final int longest;

  private ClosedTerms(Phrases<String> terms, int longest) {
    this.terms = terms;
    this.longest = longest;
  }

  /// Compiles terms.
  public static ClosedTerms of(Collection<String> terms) {
    var phrases = new Phrases.Builder<String>();
    terms.forEach(term -> phrases.add(term, term));
    return new ClosedTerms(
        phrases.build(), terms.stream().mapToInt(String::length).max().orElse(0));
  }

  /// Finds the first closed term in a text.
  public Optional<Verdict> find(String text) {
    return longest == 0 ? Optional.empty() : find(Reading.of(text));
  }

  Optional<Verdict> find(Reading text) {
    return terms.in(text.words()).stream()
        .findFirst()
        .map(hit ->
            Verdict.output(
                RULE,
                text.words().get(hit.first()).start(),
                text.words().get(hit.end() - 1).end()));
  }

  /// Characters of the longest term.
  int longest() {
    return longest;
  }
}
