package vesper.npc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import vesper.memory.Terms;

/// A sentence of a passage that answers a question.
///
/// @param citation of the passage, as number 1
/// @param title of its document
/// @param sentence its words, at most 160 characters
/// @param rumour whether it only passes on what is told
record Quoted(Citation citation, String title, String sentence, boolean rumour) {

  private static final int LONGEST = 160;
  private static final int LAST_RANK = 5;
  private static final double ENOUGH_WORDS = .6;
  private static final double SOME_WORDS = .34;
  private static final double ALIKE = .72;
  private static final double LEANS = .2;
  private static final Pattern SENTENCE =
      Pattern.compile(
          "(?<!\\b(?:Dr|Mr|Mrs|Ms|St|Capt|Prof|Sgt|Lt)\\.)(?<=[.!?…][\"'”’)]{0,2})\\s+(?=[\\p{Lu}\"“'‘])");
  // A sentence that leans on the one before says less alone.
  private static final Pattern LEANING =
      Pattern.compile("^(?:It|He|She|They|His|Her|Its|Their|That|This|These|Those|So|But|And)\\b");
  private static final Pattern ADDRESSED =
      Pattern.compile("\\byou(?:r|rs|'\\w+)?\\b", Pattern.CASE_INSENSITIVE);
  private static final Pattern MARKS = Pattern.compile("[*_`]|\\[([^\\]]*)\\]\\([^)]*\\)");

  /// What of a passage speaks for it.
  private record Candidate(Passage passage, double share) {}

  /// Returns a sentence of the passage that fits the words best, if one does: most of what the
  /// question is about stands in it, or it is much alike in meaning and shares a part.
  static Optional<Quoted> of(String words, List<Passage> passages) {
    var question = Keywords.of(words);
    if (question.size() == 1 && ADDRESSED.matcher(words).find()) {
      // It is the person who is asked about, as in "How old are you?"
      return Optional.empty();
    }
    List<Candidate> fitting = new ArrayList<>();
    for (var passage : passages) {
      var held = terms(passage.citation().title() + " " + passage.text());
      double share = Keywords.share(question, held);
      boolean byWords =
          share >= ENOUGH_WORDS && passage.wordsRank() >= 1 && passage.wordsRank() <= LAST_RANK;
      boolean byMeaning = share >= SOME_WORDS && passage.cosine() >= ALIKE;
      if (byWords || byMeaning) {
        fitting.add(new Candidate(passage, share));
      }
    }
    // Of equals the first is the better one.
    return fitting.stream()
        .max(Comparator.comparingDouble(Candidate::share))
        .map(Candidate::passage)
        .flatMap(passage -> quote(passage, question));
  }

  private static Optional<Quoted> quote(Passage passage, Set<String> question) {
    var plain = MARKS.matcher(passage.text()).replaceAll("$1").replaceAll("\\s+", " ").strip();
    String best = "";
    double most = -1;
    for (var sentence : SENTENCE.split(plain)) {
      double leaning = LEANING.matcher(sentence).find() ? LEANS : 0;
      double share = Keywords.share(question, terms(sentence)) - leaning;
      if (share > most) {
        best = sentence;
        most = share;
      }
    }
    var sentence = Texts.shorten(best.strip().replace('"', '\''), LONGEST);
    return sentence.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Quoted(
                passage.citation().numbered(1), passage.document(), sentence, passage.rumour()));
  }

  private static Set<String> terms(String text) {
    return new HashSet<>(Terms.CONTENT.of(text));
  }

  /// As it stands in a line.
  String marked() {
    return "“" + sentence + "” [1]";
  }

  /// Names what was quoted, so that it is not said twice.
  String id() {
    return "lore:" + citation.section() + "/" + Integer.toHexString(sentence.hashCode());
  }
}
