package vesper.npc;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import vesper.npc.Utterance.Sentence;
import vesper.pack.v1.Predicate;

/// A question for something the player may have told about themself.
///
/// @param predicate what is asked for; empty for anything at all
/// @param subject whom it is about
record FactQuestion(Optional<Predicate> predicate, String subject) {

  private static final Pattern ASKING =
      Pattern.compile(
          "(?:.*[,:] )?((?:(?:please|now|so|and|but|then|well|hey) )*(?:what|what's|who|who's"
              + "|whom|where|which"
              + "|how many|do|does|did|can|could|would|will|have|am|is|are|isn't|was|were)\\b.*)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern REQUEST =
      Pattern.compile(
          "(?:.*[,:] )?((?:(?:please|now|so|and|but|then|well) )*(?:tell me|remind me|say|name"
              + "|repeat|i wonder"
              + "|i forgot|i forget|i've forgotten"
              + "|you (?:(?:still|do) )?(?:know|remember|forgot))\\b.*)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern OTHER_INTEREST =
      Pattern.compile(
          "\\b(?:why|how come|do you like|do you want|what do you think|is it safe|would you like"
              + "|did you (?:see|meet|know|kill|take|hurt)|have you (?:seen|met|heard))\\b",
          Pattern.CASE_INSENSITIVE);

  private static final Asked NAME =
      new Asked(
          "\\bmy (?:(?:real|full|true|own|first) )?name\\b|\\bwho (?:i am|am i|i'm)\\b"
              + "|\\b(?:am i|i am|i'm) (?:called|named|known as)\\b|\\bcall(?:s|ed)? me\\b"
              + "|\\b(?:do i|what i) go by\\b",
          Predicate.PREDICATE_NAME);

  private static final List<Asked> OTHERS =
      List.of(
          new Asked(
              "\\b(?:what|anything|something)\\b.*\\bi (?:did |have )?(?:promised?|swore|vowed"
                  + "|pledged)\\b"
                  + "|\\b(?:did|have|had) i (?:ever |just |not )?(?:promised?|swear|sworn|vow"
                  + "|vowed|pledge)\\b"
                  + "|\\bmy (?:promise|oath|vow)s?\\b|\\b(?:gave?|given) (?:you )?my word\\b"
                  + "|\\bmy word on\\b"
                  + "|\\bwhat did i say (?:that )?i(?:'d| would| will)\\b|\\bi (?:swore"
                  + "|promised)\\b",
              Predicate.PREDICATE_PROMISE),
          new Asked(
              "\\b(?:am i|i am|i'm|was i) (?:\\w+ ){0,2}(?:afraid|scared|frightened"
                  + "|terrified) of\\b"
                  + "|\\b(?:do i|i) (?:\\w+ )?(?:fear|dread)\\b|\\b(?:scares|frightens"
                  + "|terrifies) me\\b"
                  + "|\\bmy (?:\\w+ )?(?:fear|fears|nightmare)\\b",
              Predicate.PREDICATE_FEAR),
          new Asked(
              "\\b(?:do i|did i|i) (?:\\w+ )?(?:wish|long|yearn|dream|hope)(?:ed|t)?\\b"
                  + "|\\bi(?:'ve| have)? always wanted\\b|\\bhave i always wanted\\b"
                  + "|\\b(?:do|did) i (?:really |truly )?want\\b(?! to)"
                  + "|\\bi (?:really )?want most\\b"
                  + "|\\bmy (?:\\w+ )?(?:wish|wishes|dream|dreams|hope|hopes)\\b",
              Predicate.PREDICATE_WISH),
          new Asked(
              "\\b(?:am i|i'm|i am|do i (?:come|hail)|i (?:come|came|hail)|did i come) from\\b"
                  + "|\\b(?:do i|did i|i) (?:live|lived|dwell|grow up|grew up)\\b"
                  + "|\\b(?:was i|i was) (?:born|raised)\\b"
                  + "|\\bmy (?:\\w+ )?(?:home|home ?town|birthplace|house|village)\\b",
              Predicate.PREDICATE_HOME));

  private static final Pattern KIN =
      Pattern.compile("\\bmy (?:[\\p{L}-]+ ){0,2}?(" + Kin.WORD + ")\\b", Pattern.CASE_INSENSITIVE);
  private static final Asked FAMILY =
      new Asked("\\bmy (?:family|kin|people|relatives)\\b", Predicate.PREDICATE_KIN);
  private static final Pattern ANYTHING =
      Pattern.compile(
          "\\b(?:know|remember|recall|forgotten|forget|told you|tell you|said)\\b.*\\b(?:me"
              + "|myself)\\b"
              + "|\\bwhat (?:have|did) i (?:ever )?(?:told|tell|said|say)(?: to)? you$"
              + "|\\bremember (?:what|anything) i (?:told|said)(?: to)?(?: you)?$",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern SOMETHING_SAID =
      Pattern.compile(
          "\\b(?:what|anything|something|that)\\b.*\\bi (?:ever )?(?:told|tell|said|say|mention"
              + "|mentioned)"
              + "(?: to)?(?: you)?\\b(?: about)? (.+)",
          Pattern.CASE_INSENSITIVE);

  /// Reads a sentence; empty when it does not ask for such a thing.
  static Optional<FactQuestion> read(Sentence sentence) {
    return asked(sentence)
        .filter(question -> !OTHER_INTEREST.matcher(question).find())
        .flatMap(FactQuestion::about);
  }

  /// Returns what a question about something said earlier is about, as in "what did I tell you
  /// about the key".
  static Optional<String> saidEarlier(Sentence sentence) {
    return asked(sentence)
        .map(SOMETHING_SAID::matcher)
        .filter(Matcher::find)
        .map(match -> match.group(1));
  }

  /// Returns the part of a sentence that asks, or requests to be told.
  private static Optional<String> asked(Sentence sentence) {
    var asking = ASKING.matcher(sentence.text());
    if (FactReader.asks(sentence) && asking.matches()) {
      return Optional.of(asking.group(1));
    }
    var request = REQUEST.matcher(sentence.text());
    return request.matches() ? Optional.of(request.group(1)) : Optional.empty();
  }

  private static Optional<FactQuestion> about(String question) {
    var kin = KIN.matcher(question);
    return OTHERS.stream()
        .flatMap(asked -> asked.in(question).stream())
        .findFirst()
        .or(() ->
            kin.find() ? Kin.subject(kin.group(1)).map(FactQuestion::ofKin) : Optional.empty())
        .or(() -> FAMILY.in(question))
        .or(() -> NAME.in(question))
        .or(() ->
            ANYTHING.matcher(question).find()
                ? Optional.of(new FactQuestion(Optional.empty(), Fact.PLAYER))
                : Optional.empty());
  }

  private static FactQuestion ofKin(String subject) {
    return new FactQuestion(Optional.of(Predicate.PREDICATE_KIN), subject);
  }

  /// Words by which something about the player itself is asked for.
  private record Asked(Pattern pattern, Predicate predicate) {
    Asked(String pattern, Predicate predicate) {
      this(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE), predicate);
    }

    Optional<FactQuestion> in(String question) {
      return pattern.matcher(question).find()
          ? Optional.of(new FactQuestion(Optional.of(predicate), Fact.PLAYER))
          : Optional.empty();
    }
  }
}
