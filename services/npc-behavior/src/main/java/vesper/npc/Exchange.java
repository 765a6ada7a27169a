package vesper.npc;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import vesper.memory.Importance;
import vesper.memory.Importance.Happening;
import vesper.memory.Memory;
import vesper.npc.Heard.Meaning;
import vesper.npc.KnownFacts.Known;
import vesper.npc.Turn.Feeling;
import vesper.npc.Turn.Manner;
import vesper.pack.v1.Intent;
import vesper.pack.v1.Predicate;

/// One turn of a talk: what is answered to a player's words, and all that comes of it. It is
/// computed from what is known at the moment and changes nothing itself.
///
/// @param turn what was said
/// @param conversation after it
/// @param memories that it makes
/// @param used ids of memories that the answer is built on
/// @param moved how far it moves the person's feelings
record Exchange(
    Turn turn,
    Conversation conversation,
    List<Remembered> memories,
    List<String> used,
    Relation moved) {

  private static final Importance IMPORTANCE = new Importance(Map.of());

  /// When and where words are said.
  ///
  /// @param moment the time in words, unless nobody knows it
  /// @param gameSeconds the time, at least as good as it is known
  /// @param now real time
  /// @param ids makes ids of memories and decisions
  /// @param mostTurns after which a talk is over
  record Now(
      Optional<Moment> moment,
      long gameSeconds,
      Instant now,
      Supplier<String> ids,
      int mostTurns) {}

  /// Answers what a player says.
  static Exchange of(Script script, Part part, Encounter before, String words, Now when) {
    var utterance = Utterance.of(words);
    var baseline = part.baseline();
    var feelings =
        before.relation().map(bond -> bond.at(when.gameSeconds(), baseline)).orElse(baseline);
    var last =
        before
            .conversation()
            .subject()
            .flatMap(part.subjects()::find)
            .filter(subject -> Scene.isOpen(subject, feelings));
    var listener =
        new Listener(
            script.cues(), part.subjects(), subject -> Scene.isOpen(subject, feelings), last);
    var heard = listener.hear(utterance);
    var memories = memories(utterance, heard, before.known(), when);
    var told =
        memories.stream()
            .flatMap(made -> made.fact().map(fact -> new Known(fact, made.memory())).stream())
            .toList();
    var scene =
        new Scene(
            part,
            when.moment(),
            feelings,
            before.firstMeeting(),
            before.known().with(told),
            told,
            said(before),
            last);
    var answer = Speaker.answer(scene, heard, dice(script, before.conversation()));
    return new Result(before, utterance, answer, when).exchange(heard, memories);
  }

  private static Dice dice(Script script, Conversation conversation) {
    var pair = conversation.pair();
    var entity = pair.world() + "/" + pair.npc() + "/" + conversation.id();
    return Dice.of(script.seed(), entity, conversation.turns() + 1L, "talk");
  }

  private static Said said(Encounter before) {
    return new Said(
        before.turns().stream().flatMap(turn -> turn.lines().stream()).collect(toUnmodifiableSet()),
        before.turns().stream().map(Turn::answer).collect(toUnmodifiableSet()),
        before.recent());
  }

  /// Returns a memory for each fact that is news, or one for words without any.
  private static List<Remembered> memories(
      Utterance utterance, Heard heard, KnownFacts known, Now when) {
    var news = known.news(heard.told());
    if (news.isEmpty()) {
      return List.of(new Remembered(memory(utterance, happening(heard), when), Optional.empty()));
    }
    return news.stream()
        .map(fact -> new Remembered(memory(utterance, happening(fact), when), Optional.of(fact)))
        .toList();
  }

  private static Memory memory(Utterance utterance, Happening happening, Now when) {
    return new Memory(
        when.ids().get(),
        Memory.Kind.DIALOGUE,
        utterance.verbatim(),
        IMPORTANCE.of(happening, true),
        when.gameSeconds(),
        when.gameSeconds(),
        happening == Happening.PROMISE,
        false);
  }

  private static Happening happening(Fact fact) {
    return fact.predicate() == Predicate.PREDICATE_PROMISE
        ? Happening.PROMISE
        : Happening.CONFIDENCE;
  }

  private static Happening happening(Heard heard) {
    return switch (heard.meaning().intent()) {
      case INTENT_GREET, INTENT_FAREWELL -> Happening.GREETING;
      case INTENT_TRADE, INTENT_QUEST -> Happening.TRADE;
      case INTENT_INSULT, INTENT_THREATEN -> Happening.INSULT;
      default -> Happening.TALK;
    };
  }

  /// The answer, and from what it came.
  private record Result(Encounter before, Utterance utterance, Answer answer, Now when) {

    Exchange exchange(Heard heard, List<Remembered> memories) {
      var conversation = before.conversation();
      var allowed = answer.change().allowedAfter(conversation.moved());
      boolean touches = !answer.change().equals(Relation.NONE);
      boolean moves = !allowed.equals(Relation.NONE);
      int number = conversation.turns() + 1;
      boolean over = answer.isFarewell() || number >= when.mostTurns();
      var turn =
          new Turn(
              number,
              utterance.verbatim(),
              answer.text(),
              answer.lines(),
              notes(heard, memories),
              new Manner(
                  word(answer.intent().name(), "INTENT_"),
                  answer
                      .emotion()
                      .map(shown ->
                          new Feeling(
                              word(shown.getKind().name(), "EMOTION_KIND_"), shown.getIntensity())),
                  touches ? Optional.of(moves) : Optional.empty(),
                  answer.memories().size()),
              when.ids().get(),
              when.gameSeconds(),
              when.now(),
              over);
      var after = conversation.with(turn, allowed, answer.subject());
      return new Exchange(
          turn,
          over ? after.ended(when.now(), with(before.turns(), turn)) : after,
          memories,
          answer.memories(),
          allowed);
    }

    private List<String> notes(Heard heard, List<Remembered> memories) {
      List<String> notes = new ArrayList<>();
      memories.stream()
          .flatMap(made -> made.fact().stream())
          .map(fact ->
              "told "
                  + word(fact.predicate().name(), "PREDICATE_")
                  + (fact.subject().equals(Fact.PLAYER) ? "" : " of " + fact.subject())
                  + ": "
                  + fact.value())
          .forEach(notes::add);
      switch (heard.meaning()) {
        case Meaning.AsksAbout(var subject) ->
            subject.ifPresent(asked -> notes.add("asked about " + asked.name()));
        case Meaning.AsksFact _, Meaning.AsksSaid _ -> notes.add("asked what was told");
        case Meaning.Tells _ -> {}
        case Meaning.Plain(var intent) -> note(intent).ifPresent(notes::add);
      }
      return notes;
    }

    private static Optional<String> note(Intent intent) {
      return switch (intent) {
        case INTENT_TRADE -> Optional.of("spoke of a trade");
        case INTENT_QUEST -> Optional.of("asked for work");
        case INTENT_THREATEN -> Optional.of("threatened");
        case INTENT_INSULT -> Optional.of("insulted");
        case INTENT_FLATTER -> Optional.of("praised");
        case INTENT_PLEAD -> Optional.of("pleaded");
        default -> Optional.empty();
      };
    }

    private static List<Turn> with(List<Turn> turns, Turn last) {
      var all = new ArrayList<>(turns);
      all.add(last);
      return all;
    }

    private static String word(String constant, String prefix) {
      return constant.substring(prefix.length()).toLowerCase(Locale.ROOT);
    }
  }
}
