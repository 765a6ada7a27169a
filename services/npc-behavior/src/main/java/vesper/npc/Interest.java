package vesper.npc;

import java.util.regex.Pattern;
import vesper.npc.Utterance.Sentence;

/// What a player wants to know, by the form of the words alone.
enum Interest {
  /// Nothing.
  NONE,
  /// Something.
  ANSWER,
  /// Whether something is so, or how it stands.
  STATE,
  /// What goes on.
  HAPPENING,
  /// What there is to see.
  SEEING;

  private static final Pattern SEE =
      Pattern.compile(
          "\\b(?:what (?:do|can|would|could) (?:you|i|we|one) see\\b"
              + "|what(?:'s| is| are) (?:there )?(?:here|around(?: here)?|in (?:this|the) room"
              + "|to (?:be )?see[n]?|lying (?:about|around))(?: to see)?$"
              + "|what (?:stands|lies) (?:here|about|around)\\b"
              + "|(?:let me|i) look (?:around|about)\\b|^look (?:around|about)\\b"
              + "|describe (?:this|the) (?:place|room|street)\\b)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern HAPPEN =
      Pattern.compile(
          "\\b(?:what(?:'s| is| has been| was)? (?:been )?(?:happening|going on|afoot|up|new"
              + "|the (?:news|matter))\\b"
              + "|what (?:goes|went) on\\b|what(?:'s| has)? happened (?:here|lately|today|tonight)\\b"
              + "|(?:any|what) news\\b|anything (?:new|happening|going on)\\b"
              + "|how (?:do|are) things(?: stand)?(?: here| now)?$)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern STATES =
      Pattern.compile(
          "(?:(?:and|so|but|tell me|please),? )*"
              + "(?:is|are|isn't|aren't|does|do|doesn't|don't|has|have|hasn't|can|will|when)"
              + "(?! (?:you|i|we)\\b)\\b.*",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern REQUEST =
      Pattern.compile(
          "\\b(?:tell me (?:about|of|why|how|who|what|where|more)|explain|describe"
              + "|do you know|what do you know|i (?:want|would like) to know"
              + "|i wonder (?:who|what|why|how|where|if))\\b",
          Pattern.CASE_INSENSITIVE);

  /// Reads one sentence.
  static Interest of(Sentence sentence) {
    var text = sentence.text();
    if (SEE.matcher(text).find()) {
      return SEEING;
    }
    if (HAPPEN.matcher(text).find()) {
      return HAPPENING;
    }
    if (sentence.question()) {
      return STATES.matcher(text).matches() ? STATE : ANSWER;
    }
    return REQUEST.matcher(text).find() ? ANSWER : NONE;
  }
}
