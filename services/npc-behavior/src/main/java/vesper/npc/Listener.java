package vesper.npc;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import vesper.memory.Terms;
import vesper.npc.Heard.Meaning;
import vesper.npc.Utterance.Sentence;
import vesper.pack.v1.Intent;
import vesper.pack.v1.Predicate;

/// Understands what is said to one person.
///
/// @param cues of the world
/// @param subjects of the person
/// @param open whether the person lets on that it knows something
/// @param last what was asked about last in this talk
record Listener(
    Cues cues,
    Subjects subjects,
    java.util.function.Predicate<Subject> open,
    Optional<Subject> last) {

  private static final double SURE = 1.5;

  private static final Pattern ABOUT =
      Pattern.compile(
          "\\b(?:about|know of|heard of|tell me of|who is|who's|who are|who was|where is|where's"
              + "|where are|what is"
              + "|what's|what are|what happened|how is|how's|describe|explain)\\b",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern OBJECT =
      Pattern.compile("\\b(?:about|know of|heard of|tell me of) (.+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern MORE =
      Pattern.compile(
          "(?:(?:and|please|so|then|well),? )?(?:tell me more|go on|more|say more|what else|and"
              + "|continue|keep going"
              + "|anything else|what more|is that all|what happened (?:then|next)|and then)"
              + "(?: (?:about (?:it|that|him|her|them)|do you know|please|is there|then))*",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern AND_YOURS =
      Pattern.compile(
          "(?:.*[,:-] )?(?:(?:and|so|but) )?(?:what(?:'s| is) yours|yours|you|what about you"
              + "|how about you"
              + "|and yours)",
          Pattern.CASE_INSENSITIVE);

  /// Returns what the player means. Of several sentences the weightiest counts, and of these the
  /// last.
  Heard hear(Utterance utterance) {
    var sentences = utterance.sentences();
    var stated = sentences.stream().map(sentence -> FactReader.read(utterance, sentence)).toList();
    var told = FactReader.newest(stated);
    var meaning =
        IntStream.range(0, sentences.size())
            .map(i -> sentences.size() - 1 - i)
            .mapToObj(i -> meaning(sentences.get(i), stated.get(i), told))
            .max(Comparator.comparingInt(Listener::weight))
            .orElse(new Meaning.Plain(Intent.INTENT_UNKNOWN));
    var interest =
        sentences.stream().map(Interest::of).max(Comparator.naturalOrder()).orElse(Interest.NONE);
    return new Heard(told, meaning, interest);
  }

  /// Returns what one sentence is for.
  ///
  /// @param stated its facts
  /// @param told the facts of all sentences
  private Meaning meaning(Sentence sentence, List<Fact> stated, List<Fact> told) {
    var question = FactQuestion.read(sentence);
    if (question.isPresent()) {
      return new Meaning.AsksFact(question.get());
    }
    var earlier = FactQuestion.saidEarlier(sentence);
    if (earlier.isPresent()) {
      return new Meaning.AsksSaid(earlier.get());
    }
    var terms = Terms.ALL.of(sentence.text());
    var guess = cues.guess(terms);
    if (!stated.isEmpty() && !isHostile(guess.intent()) && !sentence.question()) {
      return new Meaning.Tells(stated.getFirst());
    }
    boolean gaveName =
        told.stream().anyMatch(fact -> fact.isAbout(Fact.PLAYER, Predicate.PREDICATE_NAME));
    if (gaveName && sentence.question() && AND_YOURS.matcher(sentence.text()).matches()) {
      return new Meaning.Plain(Intent.INTENT_ASK_NAME);
    }
    return about(sentence, terms, guess).orElseGet(() -> new Meaning.Plain(guess.intent()));
  }

  private Optional<Meaning> about(Sentence sentence, List<String> terms, Cues.Guess guess) {
    var subject = subjects.named(terms, open);
    var text = sentence.text();
    if (ABOUT.matcher(text).find() && guess.certainty() < (subject.isPresent() ? 2 * SURE : SURE)) {
      var object = OBJECT.matcher(text);
      var meant =
          subject.or(() -> object.find() ? subjects.like(object.group(1), open) : Optional.empty());
      if (meant.isPresent()) {
        return Optional.of(new Meaning.AsksAbout(meant));
      }
    }
    if (MORE.matcher(text).matches() && last.isPresent()) {
      return Optional.of(new Meaning.AsksAbout(last));
    }
    return switch (guess.intent()) {
      case INTENT_UNKNOWN, INTENT_GREET ->
          subject.isPresent() ? Optional.of(new Meaning.AsksAbout(subject)) : Optional.empty();
      case INTENT_ASK_ABOUT -> Optional.of(new Meaning.AsksAbout(subject));
      default -> Optional.empty();
    };
  }

  private static boolean isHostile(Intent intent) {
    return intent == Intent.INTENT_THREATEN || intent == Intent.INTENT_INSULT;
  }

  /// Returns how much of an answer something needs.
  private static int weight(Meaning meaning) {
    return switch (meaning) {
      case Meaning.AsksFact _, Meaning.AsksSaid _, Meaning.AsksAbout _ -> 7;
      case Meaning.Tells _ -> 3;
      case Meaning.Plain(var intent) ->
          switch (intent) {
            case INTENT_THREATEN, INTENT_INSULT -> 8;
            case INTENT_ASK_NAME, INTENT_ASK_TIME, INTENT_ASK_WELLBEING -> 7;
            case INTENT_QUEST, INTENT_TRADE, INTENT_PLEAD -> 6;
            case INTENT_FAREWELL -> 5;
            case INTENT_FLATTER, INTENT_THANKS -> 4;
            case INTENT_GREET -> 2;
            case INTENT_SMALL_TALK -> 1;
            default -> 0;
          };
    };
  }
}
