package vesper.npc;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import vesper.npc.Utterance.Sentence;

/// One way to state facts about oneself: a pattern for a clause, from its beginning, and what it
/// says.
///
/// @param pattern without regard to case unless it says so itself
/// @param reading returns the facts of a match, none when the words only look like a statement
record Statement(Pattern pattern, BiFunction<MatchResult, Sentence, List<Fact>> reading) {

  /// Several of these between a subject and its verb make no difference.
  static final String ADVERBS =
      "(?:(?:really|so|very|quite|rather|deathly|absolutely|truly|also|still|always|most|just"
          + "|only|actually"
          + "|terribly|mortally|utterly|completely|now|currently|originally|simply|usually"
          + "|mostly|all|both"
          + "|a bit|a little|deeply|secretly|sincerely|hereby|solemnly|do) )*";

  static final String I_AM = "(?:i am|i'm|im) ";

  static Statement of(String pattern, BiFunction<MatchResult, Sentence, List<Fact>> reading) {
    return new Statement(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE), reading);
  }

  /// A statement whose last group is all that matters.
  static Statement ofValue(String pattern, Function<String, List<Fact>> reading) {
    return of(pattern, (match, sentence) -> reading.apply(match.group(match.groupCount())));
  }

  /// Returns the facts that a clause states in this way.
  List<Fact> read(String clause, Sentence sentence) {
    Matcher matcher = pattern.matcher(clause);
    return matcher.lookingAt() ? reading.apply(matcher.toMatchResult(), sentence) : List.of();
  }
}
