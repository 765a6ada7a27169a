package vesper.npc;

import static java.util.stream.Collectors.joining;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Words for the people one has, each with the one word under which they are remembered.
final class Kin {

  private static final Map<String, String> SUBJECTS = new HashMap<>();

  static {
    put("mother", "mum", "mom", "mam", "mama", "mamma", "mommy", "ma");
    put("father", "dad", "daddy", "papa", "da");
    put("grandmother", "grandma", "gran", "granny", "nan", "nana");
    put("grandfather", "grandpa", "granddad", "grandad");
    put("parent", "folks");
    put("grandparent");
    put("brother", "bro");
    put("sister", "sis");
    put("sibling");
    put("son", "boy");
    put("daughter", "girl");
    put("child", "children", "kid");
    put("grandson");
    put("granddaughter");
    put("grandchild", "grandchildren");
    put("wife", "wives");
    put("husband");
    put("spouse");
    put("partner");
    put("fiancé", "fiance", "fiancée", "fiancee", "betrothed");
    put("uncle");
    put("aunt", "auntie", "aunty");
    put("cousin");
    put("nephew");
    put("niece");
    put("twin");
    put("stepmother");
    put("stepfather");
    put("stepbrother");
    put("stepsister");
    put("godmother");
    put("godfather");
    put("mother-in-law");
    put("father-in-law");
    put("brother-in-law");
    put("sister-in-law");
    put("friend");
    put("dog", "hound");
    put("cat");
    put("horse");
  }

  /// Any of the words, singular or plural, as a pattern.
  static final String WORD =
      SUBJECTS.keySet().stream()
          .sorted(Comparator.comparingInt(String::length).reversed().thenComparing(word -> word))
          .map(Pattern::quote)
          .collect(joining("|", "(?:", ")(?![\\p{L}-])"));

  private Kin() {}

  private static void put(String subject, String... others) {
    SUBJECTS.put(subject, subject);
    SUBJECTS.put(subject + "s", subject);
    for (var other : others) {
      SUBJECTS.put(other, subject);
      SUBJECTS.put(other + "s", subject);
    }
  }

  /// Returns the word under which somebody is remembered: `mother` for "mum".
  static Optional<String> subject(String word) {
    return Optional.ofNullable(SUBJECTS.get(word.toLowerCase(Locale.ROOT)));
  }
}
