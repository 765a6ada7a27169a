package vesper.npc;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import vesper.npc.Utterance.Sentence;
import vesper.pack.v1.Predicate;

/// A question for something the player may have told about themself.
///
/// @param predicate what is asked for; empty for anything at all
/// @param subject whom it is about
record FactQuestion(Optional<Predicate> predicate, String subject) {

  private static final String MY_KIN = "my (?:[\\p{L}-]+ ){0,2}?(" + Kin.WORD + ")";

  private static final Pattern ASKING =
      Pattern.compile(
          "(?:.*[,:] )?(?:please |now |so |and |but |then |well |tell me |hey )*(?:what|who|whom|where|which|how many|do|does"
              + "|did|can|could|would|will|have|am|is|are|isn't|was|were|tell me|remind me|say|name|repeat"
              + "|i wonder|i forgot|i forget|i've forgotten|you (?:know|remember|still remember|do remember|forgot))\\b.*",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern OTHER_INTEREST =
      Pattern.compile(
          ".*\\b(?:why|how come|how do you like|do you like|do you want|what do you think|is it safe|would you like"
              + "|did you (?:see|meet|know|kill|take|hurt)|have you (?:seen|met|heard))\\b.*",
          Pattern.CASE_INSENSITIVE);

  private record Asked(Pattern pattern, Predicate predicate) {
    Asked(String pattern, Predicate predicate) {
      this(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE), predicate);
    }
  }

  private static final List<Asked> ABOUT_SELF =
      List.of(
          new Asked(
              "\\b(?:what|anything|something)\\b.*\\bi (?:did |have )?(?:promised?|swore|vowed|pledged)\\b"
                  + "|\\b(?:did|have|had) i (?:ever |just |not )?(?:promised?|swear|sworn|vow|vowed|pledge)\\b"
                  + "|\\bmy (?:promise|oath|vow)s?\\b|\\b(?:gave?|given) (?:you )?my word\\b|\\bmy word on\\b"
                  + "|\\bwhat did i say (?:that )?i(?:'d| would| will)\\b|\\bi (?:swore|promised)\\b",
              Predicate.PREDICATE_PROMISE),
          new Asked(
              "\\bmy (?:(?:real|full|true|own|first) )?name\\b|\\bwho (?:i am|am i|i'm)\\b"
                  + "|\\b(?:am i|i am|i'm) (?:called|named|known as)\\b|\\bcall(?:s|ed)? me\\b|\\bwhat i go by\\b|\\bdo i go by\\b",
              Predicate.PREDICATE_NAME),
          new Asked(
              "\\b(?:afraid|scared|frightened|terrified) of\\b|\\b(?:do i|i) (?:\\w+ )?(?:fear|dread)\\b"
                  + "|\\b(?:scares|frightens|terrifies) me\\b|\\bmy (?:\\w+ )?(?:fear|fears|nightmare)\\b",
              Predicate.PREDICATE_FEAR),
          new Asked(
              "\\b(?:do i|did i|i) (?:\\w+ )?(?:wish|wished|long|longed|yearn|dream|dreamed|dreamt|hope|hoped)\\b"
                  + "|\\bi'?(?:ve| have)? always wanted\\b|\\bhave i always wanted\\b|\\b(?:do|did) i (?:really |truly )?want\\b"
                  + "(?! to)|\\bi (?:really )?want most\\b|\\bmy (?:\\w+ )?(?:wish|wishes|dream|dreams|hope|hopes)\\b",
              Predicate.PREDICATE_WISH),
          new Asked(
              "\\b(?:am i|i'm|i am|do i (?:come|hail)|i (?:come|came|hail)|did i come) from\\b"
                  + "|\\b(?:do i|did i|i) (?:live|lived|dwell|grow up|grew up)\\b|\\b(?:was i|i was) (?:born|raised)\\b"
                  + "|\\bmy (?:\\w+ )?(?:home|home ?town|birthplace|house|village)\\b",
              Predicate.PREDICATE_HOME));

  private static final Pattern OF_KIN =
      Pattern.compile("\\b" + MY_KIN + "\\b", Pattern.CASE_INSENSITIVE);
  private static final Pattern OF_ANYTHING =
      Pattern.compile(
          "\\b(?:know|remember|recall|forgotten|forget|told you|tell you|said)\\b.*\\b(?:about me|of me|me|myself)\\b"
              + "|\\bwhat (?:have|did) i (?:ever )?(?:told|tell|said|say)(?: to)? you(?: about (?:me|myself))?$"
              + "|\\bremember (?:what|anything) i (?:told|said)(?: to)?(?: you)?(?: about (?:me|myself))?$",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern OF_SOMETHING_SAID =
      Pattern.compile(
          "\\b(?:what|anything|something|that)\\b.*\\bi (?:ever )?(?:told|tell|said|say|mention|mentioned)(?: to)?(?: you)?"
              + "\\b(?: about)? (.+)",
          Pattern.CASE_INSENSITIVE);

  /// Reads a sentence; empty when it does not ask for such a thing.
  static Optional<FactQuestion> read(Sentence sentence) {
    var text = sentence.text();
    if (!ASKING.matcher(text).matches()
        || OTHER_INTEREST.matcher(text).matches()
        || !(FactReader.asks(sentence) || isRequest(text))) {
      return Optional.empty();
    }
    var kin = OF_KIN.matcher(text);
    for (var asked : ABOUT_SELF) {
      if (asked.predicate() != Predicate.PREDICATE_NAME && asked.pattern().matcher(text).find()) {
        return Optional.of(new FactQuestion(Optional.of(asked.predicate()), Fact.PLAYER));
      }
    }
    if (kin.find()) {
      var subject = Kin.subject(kin.group(1)).orElseThrow();
      return Optional.of(new FactQuestion(Optional.of(Predicate.PREDICATE_KIN), subject));
    }
    if (Pattern.compile("\\bmy (?:family|kin|people|relatives)\\b").matcher(text).find()) {
      return Optional.of(new FactQuestion(Optional.of(Predicate.PREDICATE_KIN), Fact.PLAYER));
    }
    for (var asked : ABOUT_SELF) {
      if (asked.pattern().matcher(text).find()) {
        return Optional.of(new FactQuestion(Optional.of(asked.predicate()), Fact.PLAYER));
      }
    }
    return OF_ANYTHING.matcher(text).find()
        ? Optional.of(new FactQuestion(Optional.empty(), Fact.PLAYER))
        : Optional.empty();
  }

  /// Returns what a question about something said earlier is about, as in "what did I tell you
  /// about the key".
  static Optional<String> saidEarlier(Sentence sentence) {
    var match = OF_SOMETHING_SAID.matcher(sentence.text());
    return match.find() && FactReader.asks(sentence)
        ? Optional.of(match.group(1))
        : Optional.empty();
  }

  private static boolean isRequest(String text) {
    return text.matches(
        "(?i)(?:.*[,:] )?(?:please |now |so |and |but |then |well )*(?:tell me|remind me|say|name|repeat|i wonder|i forgot"
            + "|i forget|i've forgotten|you (?:know|remember|still remember|do remember|forgot))\\b.*");
  }
}
