package vesper.npc;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import vesper.npc.Utterance.Sentence;
import vesper.pack.v1.Predicate;

/// Ways to speak of one's people. A relative is remembered by name and by what else was said, as a
/// phrase that begins with "your".
final class KinStatements {

  private static final String MODIFIERS =
      "(?:(?:older|elder|eldest|oldest|younger|youngest|little|big|baby|late|dead|dear|poor|only"
          + "|twin|half"
          + "|step|best|old|own|first|second|beloved|adopted|foster|lost|missing|good|small"
          + "|grown) )*";
  private static final String KIN = "(?<kin>" + MODIFIERS + "(?<word>" + Kin.WORD + "))";
  private static final String CAPITALISED = "(?-i:\\p{Lu})[\\p{L}'-]*";
  private static final String NAME = "(?<name>" + CAPITALISED + "(?: " + CAPITALISED + ")*)";
  private static final String COUNT =
      "(?<count>an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|\\d{1,2}|many"
          + "|several|some)";
  private static final String CALLED = "(?:,? ?(?:who (?:is|was) )?(?:called|named)|whose name is)";

  static final List<Statement> ALL =
      List.of(
          Statement.of(
              "my "
                  + KIN
                  + "(?:(?:'s|')? name(?:'s| is| was)|(?: is| was|'s) "
                  + CALLED
                  + "| goes by) (?<rest>.+)",
              KinStatements::named),
          Statement.of(
              "(?:the )?name of my " + KIN + " (?:is|was) (?<rest>.+)", KinStatements::named),
          Statement.of("(?:i|we) call(?:ed)? my " + KIN + " (?<rest>.+)", KinStatements::named),
          Statement.of(
              "i(?: (?:still |also |only )?have|'ve(?: got)?| have got|'ve only| had) "
                  + COUNT
                  + " "
                  + KIN
                  + "(?<rest>.*)",
              KinStatements::counted),
          Statement.of(
              "i(?:'m| am)? (?<verb>"
                  + Statement.ADVERBS
                  + "(?:miss|love|hate|lost|buried|left|seek|need to find|have to find|must find"
                  + "|looking for"
                  + "|searching for|live with|care for|look after|work for|betrayed|failed"
                  + "|killed)) my "
                  + KIN
                  + "(?:,? "
                  + NAME
                  + ")?(?<rest>.*)",
              KinStatements::attached),
          Statement.of(
              "my " + KIN + ", " + NAME + "(?:,? (?<rest>(?!my |i |you |and ).+)|,)?$",
              KinStatements::described),
          Statement.of(
              "my "
                  + KIN
                  + "(?: "
                  + NAME
                  + ")?(?<rest>'s (?:an?|the|dead|gone|lost|missing|ill|sick|in|at) .+| .+)",
              KinStatements::described));

  private static final Pattern NOT_TOLD =
      Pattern.compile(
          "\\b(?:not|never|no|would|could|might|may|should|must)\\b|n't\\b"
              + "|^(?:\\w+ly |always |once |often |used to |just )?(?:said|says?|told|tells?"
              + "|asks?|asked"
              + "|thinks?|thought|believes?|believed|claims?|claimed|calls?)\\b",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern VERB =
      Pattern.compile(
          "(?:(?:\\w+ly|always|still|once|just|now|also|often) )*(?:is|are|was|were|has|have|had"
              + "|\\w+ed|\\w+[^s'i]s"
              + "|went|left|lost|died|made|taught|gave|took|kept|ran|fought|sold|built|brought"
              + "|came|became|fell"
              + "|grew|knew|held|wrote|sang|drank|drowned|live|work|own|sell|make|fish|farm|hunt"
              + "|sail|keep|sleep"
              + "|wait|need|come|teach|run)\\b.*",
          Pattern.CASE_INSENSITIVE);

  private KinStatements() {}

  private static List<Fact> named(MatchResult match, Sentence sentence) {
    return NameStatements.name(match.group("rest"), sentence)
        .map(name -> facts(match, Optional.of(name), ""))
        .orElse(List.of());
  }

  private static List<Fact> counted(MatchResult match, Sentence sentence) {
    var count = match.group("count").toLowerCase(Locale.ROOT);
    var rest = match.group("rest");
    boolean one = List.of("a", "an", "one").contains(count);
    var name = Pattern.compile(CALLED + " (.+)", Pattern.CASE_INSENSITIVE).matcher(rest);
    if (one && name.lookingAt()) {
      return facts(match, NameStatements.name(name.group(1), sentence), "");
    }
    var detail = Clauses.value(rest).map(words -> joined(rest, words)).orElse("");
    var phrase = "your " + (one ? "" : count + " ") + match.group("kin") + detail;
    return List.of(fact(match, Predicate.PREDICATE_KIN, phrase));
  }

  /// Something about oneself and a relative: "I lost my brother at sea".
  private static List<Fact> attached(MatchResult match, Sentence sentence) {
    var verb = match.group("verb").strip();
    boolean progressive = match.group().matches("(?i)i(?:'m| am) .*");
    var phrase = (progressive ? "you are " : "you ") + verb;
    var rest = Clauses.value(match.group("rest")).map(words -> " " + words).orElse("");
    return facts(match, Optional.ofNullable(match.group("name")), ", whom " + phrase + rest);
  }

  private static List<Fact> described(MatchResult match, Sentence sentence) {
    var name = Optional.ofNullable(match.group("name"));
    var said = match.group("rest") == null ? "" : match.group("rest").strip();
    said = said.replaceFirst("^'s ", "is ").replaceFirst("^,\\s*", "");
    if (said.isEmpty()) {
      return name.isPresent() ? facts(match, name, "") : List.of();
    }
    if (NOT_TOLD.matcher(said).find() || !VERB.matcher(said).matches()) {
      return List.of();
    }
    return Clauses.value(said).map(words -> facts(match, name, ", who " + words)).orElse(List.of());
  }

  private static List<Fact> facts(MatchResult match, Optional<String> name, String detail) {
    List<Fact> facts = new ArrayList<>();
    name.ifPresent(value -> facts.add(fact(match, Predicate.PREDICATE_NAME, value)));
    facts.add(fact(match, Predicate.PREDICATE_KIN, "your " + match.group("kin") + detail));
    return facts;
  }

  private static Fact fact(MatchResult match, Predicate predicate, String value) {
    var subject = Kin.subject(match.group("word")).orElseThrow();
    return new Fact(subject, predicate, value);
  }

  private static String joined(String rest, String words) {
    return rest.startsWith(",") ? ", " + words : " " + words;
  }
}
