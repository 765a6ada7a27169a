package vesper.worldpack;

import java.util.Collection;
import java.util.Optional;

/// Guesses what was meant by a misspelt word.
final class Suggestion {
  private Suggestion() {}

  /// Returns a hint that names the nearest of the known words, or lists them when none is near and
  /// they are few; empty when there is nothing to say.
  static String hint(String word, Collection<String> known) {
    var nearest = nearest(word, known);
    if (nearest.isPresent()) {
      return "Did you mean \"%s\"?".formatted(nearest.get());
    }
    return known.isEmpty() || known.size() > 20
        ? ""
        : "Known are: %s.".formatted(String.join(", ", known.stream().sorted().toList()));
  }

  /// Finds the known word with the fewest edits to the given one, if it is near enough.
  static Optional<String> nearest(String word, Collection<String> known) {
    int limit = word.length() < 2 ? 0 : Math.max(1, word.length() / 3);
    String best = null;
    int least = limit + 1;
    for (var candidate : known.stream().sorted().toList()) {
      int distance = distance(word, candidate);
      if (distance < least) {
        best = candidate;
        least = distance;
      }
    }
    return Optional.ofNullable(best);
  }

  /// Returns the optimal string alignment distance: insertions, deletions, replacements and swaps
  /// of neighbours.
  static int distance(String a, String b) {
    var d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      d[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      d[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(replaced, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
