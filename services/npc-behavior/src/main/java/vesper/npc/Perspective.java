package vesper.npc;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Turns words about the speaker into words to the speaker: "bring you my ledger" becomes "bring me
/// your ledger".
final class Perspective {

  private static final Map<String, String> SWAPPED =
      Map.ofEntries(
          Map.entry("i", "you"),
          Map.entry("me", "you"),
          Map.entry("my", "your"),
          Map.entry("mine", "yours"),
          Map.entry("myself", "yourself"),
          Map.entry("i'm", "you're"),
          Map.entry("i've", "you've"),
          Map.entry("i'll", "you'll"),
          Map.entry("i'd", "you'd"),
          Map.entry("your", "my"),
          Map.entry("yours", "mine"),
          Map.entry("yourself", "myself"),
          Map.entry("you're", "I'm"),
          Map.entry("you've", "I've"),
          Map.entry("you'll", "I'll"),
          Map.entry("you'd", "I'd"));

  /// Words after which "you" begins a clause of its own.
  private static final Set<String> CLAUSE_STARTS =
      Set.of(
          "",
          "that",
          "what",
          "whatever",
          "which",
          "who",
          "if",
          "when",
          "whenever",
          "where",
          "because",
          "as",
          "how",
          "until",
          "till",
          "before",
          "after",
          "than",
          "while",
          "though",
          "since",
          "unless",
          "once",
          "whether",
          "all",
          "everything",
          "everyone",
          "anything",
          "so");

  /// Words that do not follow a "you" that begins a clause.
  private static final Set<String> AFTER_AN_OBJECT =
      Set.of(
          "",
          "a",
          "an",
          "the",
          "my",
          "and",
          "or",
          "to",
          "for",
          "from",
          "with",
          "in",
          "on",
          "at",
          "by",
          "of",
          "some",
          "any",
          "when",
          "if",
          "there",
          "here",
          "again",
          "back",
          "out",
          "tomorrow");

  private Perspective() {}

  /// Returns the words as the listener says them.
  static String turned(String words) {
    var tokens = words.split(" ");
    var turned = new StringBuilder();
    for (int i = 0; i < tokens.length; i++) {
      turned.append(i == 0 ? "" : " ").append(turned(tokens, i));
    }
    return turned.toString();
  }

  private static String turned(String[] tokens, int i) {
    var token = tokens[i];
    var word = plain(token);
    var before = i == 0 ? "" : plain(tokens[i - 1]);
    var after = i + 1 == tokens.length ? "" : plain(tokens[i + 1]);
    if (word.equals("you")) {
      return replaced(token, word, isSubject(tokens, i, before, after) ? "I" : "me");
    }
    if (before.equals("i") || after.equals("i")) {
      switch (word) {
        case "am" -> {
          return replaced(token, word, "are");
        }
        case "was" -> {
          return replaced(token, word, "were");
        }
        default -> {}
      }
    }
    if (before.equals("you")
        && isSubject(tokens, i - 1, i == 1 ? "" : plain(tokens[i - 2]), word)) {
      switch (word) {
        case "are" -> {
          return replaced(token, word, "am");
        }
        case "were" -> {
          return replaced(token, word, "was");
        }
        default -> {}
      }
    }
    var swapped = SWAPPED.get(word);
    return swapped == null ? token : replaced(token, word, swapped);
  }

  private static boolean isSubject(String[] tokens, int i, String before, String after) {
    boolean alone = i > 0 && tokens[i - 1].endsWith(",");
    return (alone || CLAUSE_STARTS.contains(before))
        && !AFTER_AN_OBJECT.contains(after)
        && Character.isLetter(tokens[i].charAt(tokens[i].length() - 1));
  }

  private static String replaced(String token, String word, String by) {
    int start = token.toLowerCase(Locale.ROOT).indexOf(word);
    return token.substring(0, start) + by + token.substring(start + word.length());
  }

  private static String plain(String token) {
    return Texts.trim(token).toLowerCase(Locale.ROOT).replaceAll("^[\"'(]+|[\"')]+$", "");
  }
}
