package vesper.retrieval;

import java.util.List;
import java.util.regex.Pattern;

/// The measure of texts: words between blanks, of which a long one counts once for every sixteen
/// characters.
final class Tokens {
  private static final Pattern TOKEN = Pattern.compile("\\S{1,16}");

  private Tokens() {}

  /// A token's place in a text.
  record Token(int start, int end) {}

  static List<Token> of(CharSequence text) {
    return TOKEN
        .matcher(text)
        .results()
        .map(match -> new Token(match.start(), match.end()))
        .toList();
  }

  static int count(CharSequence text) {
    return (int) TOKEN.matcher(text).results().count();
  }
}
