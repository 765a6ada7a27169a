package vesper.npc;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import vesper.npc.Utterance.Sentence;
import vesper.pack.v1.Predicate;

/// Ways to say what one is afraid of.
final class FearStatements {

  private static final String AFRAID =
      "(?:afraid|scared to death|frightened to death|scared|terrified|frightened|petrified"
          + "|fearful) ";
  private static final String SCARES =
      "(?:scares?|frightens?|terrif(?:y|ies)|petrif(?:y|ies)|horrif(?:y|ies)|haunts?) me";

  static final List<Statement> ALL =
      List.of(
          Statement.ofValue(
              "(?:i am|i'm|im|i've always been|i have always been|i've been|i have been) "
                  + Statement.ADVERBS
                  + AFRAID
                  + "of (.+)",
              FearStatements::fear),
          Statement.ofValue(
              Statement.I_AM
                  + Statement.ADVERBS
                  + AFRAID
                  + "to ((?!say\\b|tell\\b|ask\\b|admit\\b|report\\b|inform\\b|death\\b).+)",
              FearStatements::ofDoing),
          Statement.ofValue(
              "i "
                  + Statement.ADVERBS
                  + "(?:fear|dread) ((?!that\\b|i\\b|i'\\w+|we\\b|it'?s?\\b|he\\b|she\\b|they\\b"
                  + "|for\\b|not\\b|so\\b"
                  + "|you (?:are|will|have|may|might)\\b|you'\\w+).+)",
              FearStatements::fear),
          Statement.ofValue(
              "(?:my |the )(?:(?:greatest|biggest|worst|deepest|only|one|secret|true"
                  + "|real) )?(?:fear|fears|nightmare"
                  + "|terror)(?: of mine)? (?:is|are|has always been) ((?!that\\b|not\\b).+)",
              FearStatements::fear),
          Statement.ofValue(
              "i(?:'ve| have)(?: got)? (?:always had )?(?:an? |this )?(?:\\w+ )?(?:fear|dread"
                  + "|terror|horror) of (.+)",
              FearStatements::fear),
          Statement.ofValue(
              "what (?:(?:i|really|most|truly) )*(?:fear|dread|"
                  + SCARES
                  + "|i'm "
                  + AFRAID
                  + "of|i am "
                  + AFRAID
                  + "of)(?: (?:the )?most| above all| more than anything)? (?:is|are) (.+)",
              FearStatements::fear),
          Statement.ofValue(
              "(?:nothing|few things) " + SCARES + " (?:more|as much|so much) (?:than|as) (.+)",
              FearStatements::fear),
          Statement.of(
              "(?<what>(?!(?:it|that|this|these|those|he|she|they|you|nothing|nobody|what|who"
                  + "|which|no|there|i)\\b)"
                  + "(?:\\S+ ){1,7}?)(?:(?:really|always|still|just|truly|also) )*(?<verb>"
                  + SCARES
                  + ")(?: (?:to death|most|the most|more than anything|a little|a lot|so much"
                  + "|still))?$",
              FearStatements::subject));

  private static final Pattern END =
      Pattern.compile(
          "\\s(?:ever since|since|when i was|as a child)\\b.*", Pattern.CASE_INSENSITIVE);
  private static final Pattern COMMON =
      Pattern.compile(
          "(?:the|an?|my|your|being|those|these|all|old|deep|big|dark|open|loud|high|fire|water"
              + "|darkness|thunder"
              + "|death|blood|silence|love|night|snow|\\p{L}+ing)\\b.*",
          Pattern.CASE_INSENSITIVE);

  private FearStatements() {}

  private static List<Fact> fear(String words) {
    return facts(Clauses.value(END.matcher(words).replaceFirst("")));
  }

  private static List<Fact> ofDoing(String words) {
    var parts = words.split(" ", 2);
    return fear(VerbForms.gerund(parts[0]) + (parts.length == 1 ? "" : " " + parts[1]));
  }

  /// The words stand at the beginning, where a capital does not make a name.
  private static List<Fact> subject(MatchResult match, Sentence sentence) {
    var said = match.group("what").strip();
    boolean many = !match.group("verb").matches("(?i)\\w+s me");
    boolean name =
        said.matches("\\p{Lu}\\S* \\p{Lu}.*") || !(many || COMMON.matcher(said).matches());
    return fear(name ? said : said.substring(0, 1).toLowerCase(Locale.ROOT) + said.substring(1));
  }

  private static List<Fact> facts(Optional<String> value) {
    return value.map(fear -> Fact.ofPlayer(Predicate.PREDICATE_FEAR, fear)).stream().toList();
  }
}
