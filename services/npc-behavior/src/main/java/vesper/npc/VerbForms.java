package vesper.npc;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// Regular forms of English verbs, for sentences that are built from what was said.
final class VerbForms {

  private static final Pattern SYLLABLE = Pattern.compile("[aeiouy]+");
  private static final Pattern SHORT_END = Pattern.compile(".*[^aeiou][aeiou][^aeiouwxy]");
  private static final Pattern DOUBLED = Pattern.compile(".*([bdgklmnprt])\\1");
  private static final Pattern WITHOUT_E =
      Pattern.compile(".*(?:er|en|it|el|on|ow|et|ish|or|al|op|om|ul|ard)");
  private static final Map<String, String> INFINITIVES =
      Map.of(
          "becoming",
          "become",
          "coming",
          "come",
          "dying",
          "die",
          "lying",
          "lie",
          "telling",
          "tell",
          "selling",
          "sell",
          "killing",
          "kill",
          "calling",
          "call",
          "falling",
          "fall",
          "being",
          "be");
  private static final Map<String, String> BASES =
      Map.ofEntries(
          Map.entry("had", "have"),
          Map.entry("knew", "know"),
          Map.entry("was", "be"),
          Map.entry("were", "be"),
          Map.entry("owned", "own"),
          Map.entry("lived", "live"),
          Map.entry("spoke", "speak"),
          Map.entry("understood", "understand"),
          Map.entry("remembered", "remember"),
          Map.entry("belonged", "belong"));

  private VerbForms() {}

  /// Returns "sailing" for "sail".
  static String gerund(String infinitive) {
    var verb = infinitive.toLowerCase(Locale.ROOT);
    if (verb.endsWith("ie")) {
      return verb.substring(0, verb.length() - 2) + "ying";
    }
    if (verb.length() > 2 && verb.endsWith("e") && !verb.matches(".*[eoy]e")) {
      return verb.substring(0, verb.length() - 1) + "ing";
    }
    boolean doubled = syllables(verb) == 1 && SHORT_END.matcher(verb).matches();
    return doubled ? verb + verb.charAt(verb.length() - 1) + "ing" : verb + "ing";
  }

  /// Returns "sail" for "sailing".
  static String infinitive(String gerund) {
    var word = gerund.toLowerCase(Locale.ROOT);
    var known = INFINITIVES.get(word);
    if (known != null) {
      return known;
    }
    var stem = word.substring(0, word.length() - "ing".length());
    if (DOUBLED.matcher(stem).matches()) {
      return stem.substring(0, stem.length() - 1);
    }
    boolean mute =
        stem.matches(".*(?:[vcu]|dg|[^aeiou]s|ang)")
            || (SHORT_END.matcher(stem).matches()
                && !(syllables(stem) > 1 && WITHOUT_E.matcher(stem).matches()));
    return mute ? stem + "e" : stem;
  }

  /// Returns "know" for "knew", for the few verbs that wishes use; other words as they are.
  static String base(String past) {
    return BASES.getOrDefault(past.toLowerCase(Locale.ROOT), past);
  }

  private static int syllables(String word) {
    return (int) SYLLABLE.matcher(word).results().count();
  }
}
