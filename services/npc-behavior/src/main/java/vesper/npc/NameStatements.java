package vesper.npc;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import vesper.npc.Utterance.Sentence;
import vesper.pack.v1.Predicate;

/// Ways to say what one is called.
final class NameStatements {

  private static final String WHO_CALLS =
      "(?:they|people|folks?|everyone|everybody|my friends|friends|my family|most people|others"
          + "|some)";

  static final List<Statement> ALL =
      List.of(
          explicit(
              "my (?:(?:real|full|true|given|first|own|new|actual|proper) )*name(?:'s| is|s) (.+)"),
          explicit("(?:the )?name(?:'s| is|s) (.+)"),
          explicit(
              "(?:i am|i'm|im) "
                  + Statement.ADVERBS
                  + "(?:called|named|known as|known by the name(?: of)?) (.+)"),
          explicit(
              "i "
                  + Statement.ADVERBS
                  + "(?:go by|answer to) (?:the name (?:of )?)?(?!the book)(.+)"),
          explicit(WHO_CALLS + " " + Statement.ADVERBS + "calls? me (.+)"),
          explicit("(?:you (?:can|may|could|should|must) |please |just )*call me (.+)"),
          Statement.of(
              "(?:i am|i'm|im|it's|it is|this is) (.+)",
              (match, sentence) -> named(introduced(match.group(1), sentence))));

  private static final int MOST_WORDS = 5;
  private static final Pattern WORD = Pattern.compile("\\p{L}[\\p{L}'-]*\\.?");
  private static final Set<String> PARTICLES =
      Set.of(
          "of", "the", "von", "van", "de", "la", "du", "da", "di", "bin", "al", "le", "den", "der");
  private static final Set<String> NO_NAMES =
      Set.of(
          "a",
          "an",
          "not",
          "no",
          "none",
          "nobody",
          "nothing",
          "my",
          "your",
          "his",
          "her",
          "their",
          "our",
          "what",
          "who",
          "whatever",
          "whoever",
          "in",
          "on",
          "at",
          "to",
          "from",
          "by",
          "it",
          "that",
          "this",
          "there",
          "here",
          "unknown",
          "secret",
          "important",
          "unimportant",
          "irrelevant",
          "gone",
          "lost",
          "forgotten",
          "mud",
          "dead",
          "known",
          "written",
          "spoken",
          "too",
          "very",
          "so",
          "just",
          "only",
          "hard",
          "easy",
          "long",
          "short",
          "well",
          "fine",
          "ok",
          "okay",
          "sorry",
          "tired",
          "ready",
          "back",
          "later",
          "crazy",
          "mad",
          "names",
          "stupid",
          "anything",
          "something",
          "anytime",
          "when",
          "if",
          "because",
          "as",
          "like",
          "one",
          "never",
          "always",
          "also",
          "still",
          "out",
          "up",
          "down",
          "over",
          "tomorrow",
          "today",
          "tonight",
          "soon",
          "now",
          "often",
          "every",
          "all",
          "i",
          "you",
          "he",
          "she",
          "we",
          "they",
          "me",
          "him",
          "them",
          "and",
          "or",
          "but",
          "yours",
          "english",
          "french",
          "german",
          "irish",
          "catholic",
          "god",
          "mine",
          "is",
          "was",
          "has",
          "more",
          "better",
          "worse");
  private static final Set<String> ENDS =
      Set.of(
          "and",
          "but",
          "or",
          "i",
          "from",
          "by",
          "now",
          "though",
          "so",
          "actually",
          "too",
          "please",
          "sir",
          "madam",
          "my",
          "what",
          "with",
          "not",
          "if",
          "since",
          "because",
          "when",
          "here",
          "for",
          "as",
          "on",
          "in",
          "at",
          "who",
          "which",
          "you",
          "it",
          "is",
          "that",
          "again",
          "these",
          "to",
          "friend",
          "then");

  private NameStatements() {}

  private static Statement explicit(String pattern) {
    return Statement.of(
        pattern, (match, sentence) -> named(name(match.group(match.groupCount()), sentence)));
  }

  private static List<Fact> named(Optional<String> name) {
    return name.map(value -> Fact.ofPlayer(Predicate.PREDICATE_NAME, value)).stream().toList();
  }

  /// Returns the name at the beginning of words that are known to name somebody.
  static Optional<String> name(String words, Sentence sentence) {
    if (words.length() == 1 && !Character.isLetter(words.charAt(0))) {
      return Optional.of(words);
    }
    var tokens = words.split(" ");
    boolean capitals = !sentence.shouted() && isCapital(firstOfName(tokens));
    List<String> name = new ArrayList<>();
    for (var token : tokens) {
      var word = token.replaceAll("[,;:!?]+$", "");
      var lower = word.toLowerCase(Locale.ROOT);
      boolean first = name.isEmpty();
      if (!WORD.matcher(word).matches() || (first ? NO_NAMES : ENDS).contains(lower)) {
        break;
      }
      if (capitals && !isCapital(word) && !PARTICLES.contains(lower)) {
        break;
      }
      name.add(capitals ? word : PARTICLES.contains(lower) ? lower : capital(lower));
      if (word.length() < token.length() || name.size() == MOST_WORDS) {
        break;
      }
    }
    while (!name.isEmpty() && PARTICLES.contains(name.getLast().toLowerCase(Locale.ROOT))) {
      name.removeLast();
    }
    boolean wordy = !capitals && name.size() > 3;
    return name.isEmpty() || wordy ? Optional.empty() : Optional.of(String.join(" ", name));
  }

  private static String firstOfName(String[] tokens) {
    boolean article = tokens.length > 1 && tokens[0].equalsIgnoreCase("the");
    return tokens[article ? 1 : 0];
  }

  /// Returns the name in "I'm Ilse", where only its capital tells it from "I'm tired".
  private static Optional<String> introduced(String words, Sentence sentence) {
    var first = words.split(" ")[0];
    if (sentence.shouted() || !isCapital(first) || first.length() < 2) {
      return Optional.empty();
    }
    return name(words, sentence)
        .filter(name -> {
          var rest = words.substring(Math.min(words.length(), name.length())).strip();
          var next = rest.split(" ")[0].toLowerCase(Locale.ROOT);
          return rest.isEmpty() || !Character.isLetter(rest.charAt(0)) || ENDS.contains(next);
        });
  }

  private static boolean isCapital(String word) {
    return !word.isEmpty() && Character.isUpperCase(word.charAt(0));
  }

  private static String capital(String word) {
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }
}
