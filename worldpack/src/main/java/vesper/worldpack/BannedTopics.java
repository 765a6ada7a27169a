package vesper.worldpack;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// What no text of a pack may be about. Three topics are banned in every pack; a pack adds words of
/// its own, such as the names of real people. Plain wording is all that is caught: this is a net
/// under the author's judgement, not a replacement for it.
final class BannedTopics {
  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}]+");
  private static final Set<String> MINORS =
      Set.of(
          "child",
          "children",
          "kid",
          "kids",
          "minor",
          "minors",
          "teen",
          "teens",
          "teenager",
          "toddler",
          "underage",
          "schoolgirl",
          "schoolboy",
          "girl",
          "boy",
          "girls",
          "boys");
  private static final Set<String> SEXUAL =
      Set.of(
          "sex",
          "sexy",
          "sexual",
          "sexually",
          "naked",
          "nude",
          "erotic",
          "seduce",
          "seduced",
          "seduces",
          "seducing",
          "orgasm",
          "lust",
          "aroused",
          "arousing");
  private static final Pattern SUICIDE =
      Pattern.compile(
          "(should|go and|better|just|why not) (kill yourself|end your (own )?life|hang yourself"
              + "|slit your wrists)\\b|suicide is (the|a) (answer|solution|way out)"
              + "|world is better without you");
  private static final Pattern VIOLENCE =
      Pattern.compile(
          "(build|make|building|making) (a |an )?(pipe |nail |fertili[sz]er )?bombs?\\b"
              + "|shoot up (a|the) (school|church|mosque|synagogue)|ethnic cleansing is");
  private static final List<Banned> ALWAYS =
      List.of(
          new Banned(
              "promoting suicide",
              List.of("yourself", "your life", "your own life", "wrists", "suicide", "without you"),
              text -> SUICIDE.matcher(text).find()),
          new Banned(
              "promoting real violence",
              List.of("bomb", "shoot up", "cleansing"),
              text -> VIOLENCE.matcher(text).find()),
          new Banned(
              "sexual content with minors",
              List.of("sex", "naked", "nude", "erotic", "seduc", "orgasm", "lust", "arous"),
              BannedTopics::sexualisesMinors));

  /// A topic and how a text in lower case is found to touch it.
  ///
  /// @param triggers of which a text has at least one, so that most texts are done with quickly
  private record Banned(String topic, List<String> triggers, Predicate<String> touchedBy) {

    boolean isIn(String text) {
      return triggers.stream().anyMatch(text::contains) && touchedBy.test(text);
    }
  }

  private final List<Banned> banned;

  private BannedTopics(List<Banned> banned) {
    this.banned = banned;
  }

  /// Returns the topics banned everywhere and the given words beside them.
  static BannedTopics with(List<String> terms) {
    var banned = new ArrayList<>(ALWAYS);
    for (var term : terms) {
      var lower = term.toLowerCase(Locale.ROOT);
      var pattern =
          Pattern.compile(
              "(?<![\\p{L}\\p{N}])%s(?![\\p{L}\\p{N}])".formatted(Pattern.quote(lower)));
      banned.add(
          new Banned(
              "\"%s\" (banned_terms of pack.yaml)".formatted(term),
              List.of(lower),
              text -> pattern.matcher(text).find()));
    }
    return new BannedTopics(List.copyOf(banned));
  }

  /// Finds the first banned topic a text touches.
  Optional<String> find(String text) {
    var lower = text.toLowerCase(Locale.ROOT);
    return banned.stream().filter(b -> b.isIn(lower)).map(Banned::topic).findFirst();
  }

  private static boolean sexualisesMinors(String text) {
    var words = Set.copyOf(List.of(NO_WORD.split(text)));
    return !Collections.disjoint(words, SEXUAL) && !Collections.disjoint(words, MINORS);
  }
}
