package vesper.npc;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a player says at once, in sentences. Where somebody else is quoted a mark stands instead of
/// the words, so that they are not taken for the player's own.
///
/// @param verbatim all of it, cleaned
/// @param sentences its first 30 sentences, without the marks at their ends
record Utterance(String verbatim, List<Sentence> sentences) {

  /// One sentence.
  ///
  /// @param text with a mark for each quotation; [Utterance#restored] puts them back
  /// @param question whether it ends with a question mark
  record Sentence(String text, boolean question) {

    /// Whether it is written in capitals throughout, so that they say nothing about names.
    boolean shouted() {
      return text.length() > 3 && text.equals(text.toUpperCase(Locale.ROOT));
    }
  }

  private static final char FIRST_MARK = '\uE000';
  private static final int MOST_QUOTES = 100;
  private static final int MOST_SENTENCES = 30;
  private static final Pattern QUOTE =
      Pattern.compile("\"[^\"]*(?:\"|$)|(?<![\\p{L}\\d])'(?:[^']|'(?=\\p{L}))*'(?!\\p{L})");
  private static final Pattern MARK = Pattern.compile("[\uE000-\uE0FF]");
  private static final Pattern QUOTED_SENTENCE = Pattern.compile("[.!?…][\"']?$");
  private static final Pattern NEXT_SENTENCE = Pattern.compile("\\s+\\p{Lu}");
  private static final Pattern QUESTION = Pattern.compile("\\?[?!.…\"')\\s]*$");
  private static final Pattern END =
      Pattern.compile(
          "(?<!\\b(?:Dr|Mr|Mrs|Ms|St|Capt|Prof|Sgt|Lt)\\.)(?<=[.!?…;])[\"')\uE000-\uE0FF]*\\s+");

  /// Copies the sentences.
  Utterance {
    sentences = List.copyOf(sentences);
  }

  /// Reads words as they came.
  static Utterance of(String words) {
    var verbatim = Texts.clean(words);
    var marked = marked(verbatim);
    List<Sentence> sentences = new ArrayList<>();
    for (var part : END.split(marked, MOST_SENTENCES + 1)) {
      var text = Texts.trim(part);
      if (!text.isEmpty() && sentences.size() < MOST_SENTENCES) {
        sentences.add(new Sentence(text, QUESTION.matcher(part).find()));
      }
    }
    return new Utterance(verbatim, sentences);
  }

  /// Returns the text with the quotations it has marks for; one that is nothing but a quotation
  /// loses its quotation marks.
  String restored(String text) {
    var quotes = QUOTE.matcher(verbatim).results().map(MatchResult::group).toList();
    if (text.length() == 1 && MARK.matcher(text).matches()) {
      var quote = quotes.get(text.charAt(0) - FIRST_MARK);
      return Texts.trim(quote.replaceAll("^[\"']|[\"']$", ""));
    }
    return MARK.matcher(text)
        .replaceAll(
            mark -> Matcher.quoteReplacement(quotes.get(mark.group().charAt(0) - FIRST_MARK)));
  }

  private static String marked(String verbatim) {
    var text = new StringBuilder();
    var quotes = QUOTE.matcher(verbatim);
    char mark = FIRST_MARK;
    while (mark < FIRST_MARK + MOST_QUOTES && quotes.find()) {
      // A sentence that ends inside the quotation ends outside too.
      boolean ends =
          QUOTED_SENTENCE.matcher(quotes.group()).find()
              && NEXT_SENTENCE
                  .matcher(verbatim)
                  .region(quotes.end(), verbatim.length())
                  .lookingAt();
      quotes.appendReplacement(text, ends ? mark + "." : String.valueOf(mark));
      mark++;
    }
    quotes.appendTail(text);
    return text.toString();
  }
}
