package vesper.retrieval;

import java.util.List;

/// A passage of a section, short enough to be quoted.
///
/// @param id SHA-256 of document, section, headings, place and words, in hexadecimal
/// @param headings from the document's title down to its own
/// @param start first character within the section, in UTF-16 units as Java and JavaScript count
/// @param end character after the last
/// @param text the words
/// @param tokens of the text
public record Chunk(String id, List<String> headings, int start, int end, String text, int tokens) {
  private static final int HEADING_TOKENS = 30;

  /// Keeps the headings as they are.
  public Chunk {
    headings = List.copyOf(headings);
  }

  /// Returns the words below their headings, of which at most 30 tokens are kept, the nearest
  /// first: what the passage is found by.
  public String inContext() {
    int from = headings.size();
    int tokens = 0;
    while (from > 0) {
      tokens += Tokens.count(headings.get(from - 1));
      if (tokens > HEADING_TOKENS) {
        break;
      }
      from--;
    }
    if (from < headings.size()) {
      return String.join(" – ", headings.subList(from, headings.size())) + "\n" + text;
    }
    if (headings.isEmpty()) {
      return text;
    }
    var own = headings.getLast();
    return own.substring(0, Tokens.of(own).get(HEADING_TOKENS - 1).end()) + "\n" + text;
  }
}
