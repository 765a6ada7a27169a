package vesper.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/// The words of a text as a search compares them: split, in lower case, stemmed for English.
public enum Terms {
  /// Only words that carry content.
  CONTENT(false),
  /// All words, also "is" and "the".
  ALL(true);

  private final boolean keepsStopWords;

  Terms(boolean keepsStopWords) {
    this.keepsStopWords = keepsStopWords;
  }

  /// Returns the terms of a text in its order.
  public List<String> of(String text) {
    return of(List.of(text)).getFirst();
  }

  /// Returns the terms of each text.
  public List<List<String>> of(List<String> texts) {
    // An analyzer keeps its buffers per thread, which on short-lived virtual threads would only
    // pile up:
    // so each call has its own.
    var stopWords = keepsStopWords ? CharArraySet.EMPTY_SET : EnglishAnalyzer.getDefaultStopSet();
    try (var analyzer = new EnglishAnalyzer(stopWords)) {
      return texts.stream().map(text -> of(analyzer, text)).toList();
    }
  }

  private static List<String> of(EnglishAnalyzer analyzer, String text) {
    List<String> terms = new ArrayList<>();
    try (var tokens = analyzer.tokenStream("text", text)) {
      var term = tokens.addAttribute(CharTermAttribute.class);
      tokens.reset();
      while (tokens.incrementToken()) {
        terms.add(term.toString());
      }
      tokens.end();
    } catch (IOException impossible) {
      throw new UncheckedIOException("Reading a string failed", impossible);
    }
    return List.copyOf(terms);
  }
}
