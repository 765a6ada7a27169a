package vesper.testing.vllm;

import java.util.ArrayList;
import java.util.List;

/// Cuts text into tokens: words with the space before them, long ones in two, and single signs.
/// Joined in order they are the text again.
final class Tokens {
  private static final int LONGEST = 7;

  private Tokens() {}

  static List<String> of(String text) {
    List<String> tokens = new ArrayList<>(text.length() / 4 + 1);
    int start = 0;
    while (start < text.length()) {
      int end = start;
      if (isSpace(text, start) && start + 1 < text.length() && !isSpace(text, start + 1)) {
        end++;
      }
      int word = end;
      while (end < text.length()
          && end - word < LONGEST
          && Character.isLetterOrDigit(text.charAt(end))) {
        end++;
      }
      if (end == word) {
        end += Character.charCount(text.codePointAt(end));
      }
      tokens.add(text.substring(start, end));
      start = end;
    }
    return tokens;
  }

  private static boolean isSpace(String text, int index) {
    return Character.isWhitespace(text.charAt(index));
  }
}
