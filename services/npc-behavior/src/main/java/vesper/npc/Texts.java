package vesper.npc;

import java.text.BreakIterator;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Cleaning and cutting of what people say.
final class Texts {

  static final int LONGEST_PIECE = 120;

  private static final Pattern LINE_BREAKS = Pattern.compile("\\s*[\\n\\r\\u2028\\u2029]\\s*");
  // Controls, formats such as the direction overrides, private use and unassigned.
  private static final Pattern UNSEEN = Pattern.compile("\\p{C}");
  private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Z}]+");
  private static final Pattern EDGES = Pattern.compile("^[\\s,;:.!?…-]+|[\\s,;:.!?…-]+$");

  private static final String SENTENCE_MARKS = ".!?…";
  private static final String CLAUSE_MARKS = ",;:–—";
  private static final String CLOSING_QUOTES = "\"'”’)";

  private Texts() {}

  /// Returns the words as one line without characters that cannot be seen, with straight quotes.
  static String clean(String words) {
    var plain = Normalizer.normalize(words, Normalizer.Form.NFC);
    plain = LINE_BREAKS.matcher(plain).replaceAll(". ").replace('\t', ' ');
    plain = UNSEEN.matcher(plain).replaceAll("");
    plain = plain.replaceAll("[‘’ʼ`´]", "'").replaceAll("[“”„«»]", "\"");
    plain = plain.replaceAll("\\.{3}", "…");
    return BLANKS.matcher(plain).replaceAll(" ").strip();
  }

  /// Returns the text without blanks and punctuation at both ends.
  static String trim(String text) {
    return EDGES.matcher(text).replaceAll("");
  }

  /// Returns the text without braces, so that nobody can take it for a line with slots.
  static String withoutBraces(String text) {
    return text.replace("{", "").replace("}", "");
  }

  /// Returns the text, or as many whole words of it as fit into a number of characters.
  static String cut(String text, int longest) {
    if (text.codePointCount(0, text.length()) <= longest) {
      return text;
    }
    int end = text.offsetByCodePoints(0, longest);
    int blank = text.lastIndexOf(' ', end);
    return text.substring(0, blank > end / 2 ? blank : end).strip();
  }

  /// Returns the text cut as [#cut] does, with an ellipsis where something is missing.
  static String shorten(String text, int longest) {
    var cut = cut(text, longest);
    return cut.equals(text) ? text : cut(text, longest - 1) + "…";
  }

  /// Returns the text in pieces of at most [#LONGEST_PIECE] characters that joined are the text
  /// again: a sentence each, and of a longer one as much as ends with a comma, else with a word.
  static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int to = end(text, from);
      pieces.add(text.substring(from, to));
      from = to;
    }
    return List.copyOf(pieces);
  }

  private static int end(String text, int from) {
    int limit = Math.min(from + LONGEST_PIECE, text.length());
    var cuts =
        IntStream.rangeClosed(from + 1, limit)
            .filter(i -> text.charAt(i - 1) == ' ')
            .boxed()
            .toList();
    var sentence = cuts.stream().filter(cut -> follows(text, cut, SENTENCE_MARKS)).findFirst();
    if (sentence.isPresent() || limit == text.length()) {
      return sentence.orElse(limit);
    }
    return cuts.reversed().stream()
        .filter(cut -> follows(text, cut, CLAUSE_MARKS))
        .findFirst()
        .or(() -> cuts.reversed().stream().findFirst())
        .orElseGet(() -> betweenCharacters(text, from, limit));
  }

  /// Whether one of the marks stands before the blank that ends at a cut, or before a closing quote
  /// there.
  private static boolean follows(String text, int cut, String marks) {
    int last = cut - 2;
    while (last >= 0 && CLOSING_QUOTES.indexOf(text.charAt(last)) >= 0) {
      last--;
    }
    return last >= 0 && marks.indexOf(text.charAt(last)) >= 0;
  }

  private static int betweenCharacters(String text, int from, int limit) {
    var characters = BreakIterator.getCharacterInstance(Locale.ROOT);
    characters.setText(text);
    int cut = characters.preceding(limit + 1);
    return cut > from ? cut : limit;
  }
}
