package vesper.npc;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import vesper.memory.Bm25;
import vesper.memory.Terms;
import vesper.pack.v1.Intent;
import vesper.pack.v1.IntentCues;

/// Recognises what a sentence is for, by the keywords and examples of a world. Built once.
final class Cues {

  private static final double NEXT_WORD_OF_A_KEYWORD = .5;
  private static final double LIKENESS = 1.5;
  private static final double ENOUGH = .8;

  /// What a sentence is for, and how sure that is: a keyword of one word counts 1, an example said
  /// word for word 1.5.
  record Guess(Intent intent, double certainty) {}

  private record Keyword(Intent intent, List<String> terms) {}

  /// A sentence of an intent, and how relevant it is to itself.
  private record Example(Intent intent, List<String> terms, double own) {}

  /// From the most to the least telling: of equally certain guesses the first one counts.
  private static final List<Intent> TELLING =
      List.of(
          Intent.INTENT_THREATEN,
          Intent.INTENT_INSULT,
          Intent.INTENT_ASK_TIME,
          Intent.INTENT_ASK_NAME,
          Intent.INTENT_ASK_WELLBEING,
          Intent.INTENT_QUEST,
          Intent.INTENT_TRADE,
          Intent.INTENT_PLEAD,
          Intent.INTENT_FAREWELL,
          Intent.INTENT_FLATTER,
          Intent.INTENT_THANKS,
          Intent.INTENT_ASK_ABOUT,
          Intent.INTENT_GREET,
          Intent.INTENT_SMALL_TALK);

  private final List<Keyword> keywords;
  private final List<Example> examples;
  private final Bm25 relevance;

  Cues(List<IntentCues> cues) {
    keywords =
        flat(cues, IntentCues::getKeywordsList, Keyword::new).stream()
            .filter(keyword -> !keyword.terms().isEmpty())
            .toList();
    var sentences = flat(cues, IntentCues::getExamplesList, Keyword::new);
    relevance = Bm25.over(sentences.stream().map(Keyword::terms).toList());
    examples =
        IntStream.range(0, sentences.size())
            .mapToObj(i -> {
              var example = sentences.get(i);
              double own = relevance.scores(example.terms())[i];
              return new Example(example.intent(), example.terms(), own);
            })
            .toList();
  }

  private static <T> List<T> flat(
      List<IntentCues> cues,
      Function<IntentCues, List<String>> texts,
      BiFunction<Intent, List<String>, T> of) {
    return cues.stream()
        .filter(cue -> TELLING.contains(cue.getId()))
        .flatMap(cue ->
            Terms.ALL.of(texts.apply(cue)).stream().map(terms -> of.apply(cue.getId(), terms)))
        .toList();
  }

  /// Returns what a sentence is for; UNKNOWN when nothing speaks for anything else.
  Guess guess(List<String> terms) {
    var scores = relevance.scores(terms);
    return TELLING.stream()
        .map(intent -> new Guess(intent, keywords(intent, terms) + likeness(intent, terms, scores)))
        .filter(guess -> guess.certainty() >= ENOUGH)
        .max(
            Comparator.comparingDouble(Guess::certainty)
                .thenComparingInt(guess -> -TELLING.indexOf(guess.intent())))
        .orElse(new Guess(Intent.INTENT_UNKNOWN, 0));
  }

  /// Returns the weight of the heaviest keyword that is said, and a little for each other one.
  private double keywords(Intent intent, List<String> terms) {
    var said =
        keywords.stream()
            .filter(keyword -> keyword.intent() == intent && contains(terms, keyword.terms()))
            .mapToDouble(keyword -> 1 + NEXT_WORD_OF_A_KEYWORD * (keyword.terms().size() - 1))
            .sorted()
            .toArray();
    return said.length == 0 ? 0 : said[said.length - 1] + .1 * (said.length - 1);
  }

  /// Returns how like the sentence is to its nearest example: the part of the example that it says,
  /// and the part of it that the example says, multiplied.
  private double likeness(Intent intent, List<String> terms, double[] scores) {
    double best = 0;
    Set<String> distinct = new HashSet<>(terms);
    for (int i = 0; i < scores.length; i++) {
      var example = examples.get(i);
      if (example.intent() == intent && scores[i] > 0) {
        long shared = distinct.stream().filter(example.terms()::contains).count();
        best = Math.max(best, scores[i] / example.own() * shared / distinct.size());
      }
    }
    return LIKENESS * best;
  }

  private static boolean contains(List<String> terms, List<String> keyword) {
    for (int i = 0; i + keyword.size() <= terms.size(); i++) {
      if (terms.subList(i, i + keyword.size()).equals(keyword)) {
        return true;
      }
    }
    return false;
  }
}
