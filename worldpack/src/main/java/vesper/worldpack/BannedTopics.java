package vesper.worldpack;

import static java.util.regex.Pattern.CASE_INSENSITIVE;
import static java.util.regex.Pattern.UNICODE_CASE;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What no text of a pack may be about. Three topics are banned in every pack; a pack adds words of
/// its own, such as the names of real people. The patterns catch plain wording only: they are a net
/// under the author's judgement, not a replacement.
final class BannedTopics {
  private static final String MINOR =
      "\\b(child|children|kid|kids|minor|minors|toddler|teen|teens|teenager|schoolgirl|schoolboy"
          + "|underage|little (girl|boy)|young (girl|boy))\\b";
  private static final String SEXUAL =
      "\\b(sex|sexy|sexual|sexually|naked|nude|erotic|seduce[sd]?|seducing|orgasm|lust|arous(ed|ing))\\b";
  private static final List<Banned> ALWAYS =
      List.of(
          new Banned(
              "promoting suicide",
              compile(
                  "\\b((you should|go and|better|just|why not) (kill yourself|end your (own )?life"
                      + "|hang yourself|slit your wrists)|suicide is (the|a) (answer|solution|way out)"
                      + "|the world is better without you)\\b")),
          new Banned(
              "promoting real violence",
              compile(
                  "\\b((build|make|building|making) (a |an )?(pipe |nail |fertili[sz]er )?bombs?"
                      + "|shoot up (a|the) (school|church|mosque|synagogue)|ethnic cleansing is"
                      + "|gas the (jews|gypsies|muslims))\\b")),
          new Banned(
              "sexual content with minors",
              compile("(?s)(%s.*%s|%s.*%s)".formatted(MINOR, SEXUAL, SEXUAL, MINOR))));

  private record Banned(String topic, Pattern pattern) {}

  private final List<Banned> banned;

  private BannedTopics(List<Banned> banned) {
    this.banned = banned;
  }

  /// Returns the topics banned everywhere and the given words beside them.
  static BannedTopics with(List<String> terms) {
    var banned = new ArrayList<>(ALWAYS);
    for (var term : terms) {
      var pattern =
          compile("(?<![\\p{L}\\p{N}])%s(?![\\p{L}\\p{N}])".formatted(Pattern.quote(term)));
      banned.add(new Banned("\"%s\" (banned_terms of pack.yaml)".formatted(term), pattern));
    }
    return new BannedTopics(List.copyOf(banned));
  }

  /// Finds the first banned topic a text touches.
  Optional<String> find(String text) {
    return banned.stream()
        .filter(b -> b.pattern().matcher(text).find())
        .map(Banned::topic)
        .findFirst();
  }

  private static Pattern compile(String pattern) {
    return Pattern.compile(pattern, CASE_INSENSITIVE | UNICODE_CASE);
  }
}
