package vesper.npc;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import vesper.ai.v1.DegradeReason;
import vesper.memory.Importance;
import vesper.memory.Importance.Happening;
import vesper.memory.Memory;
import vesper.memory.Recall;
import vesper.memory.Recall.Recalled;
import vesper.npc.Exchange.Now;
import vesper.npc.Heard.Meaning;
import vesper.npc.KnownFacts.Known;
import vesper.npc.Turn.Feeling;
import vesper.npc.Turn.Manner;
import vesper.pack.v1.Intent;
import vesper.pack.v1.Predicate;

/// A turn before it is said: what was understood, what is remembered of it, and what the world's
/// script would say. It becomes an [Exchange] by the script's words or by a model's.
///
/// @param part who answers
/// @param before how things were between the two
/// @param utterance the player's words
/// @param heard what they mean
/// @param scene all that the script's answer depends on
/// @param memories that the words make
/// @param answer the script's
/// @param around what was found out about the words
/// @param when it is said
/// @param decision id of the record of how the answer came about
record Draft(
    Part part,
    Encounter before,
    Utterance utterance,
    Heard heard,
    Scene scene,
    List<Remembered> memories,
    Answer answer,
    Surroundings around,
    Now when,
    String decision) {

  private static final Importance IMPORTANCE = new Importance(Map.of());

  /// Understands what a player says, and answers by the script.
  static Draft of(
      Script script, Part part, Encounter before, String words, Now when, Surroundings around) {
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
            last,
            Tidings.of(heard, utterance.verbatim(), around));
    var answer = Speaker.answer(scene, heard, dice(script, before.conversation()));
    return new Draft(
        part, before, utterance, heard, scene, memories, answer, around, when, when.ids().get());
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

  /// Says what the script says.
  ///
  /// @param reason why no model does
  Exchange scripted(DegradeReason reason) {
    var change = answer.change();
    var allowed = change.allowedAfter(before.conversation().moved());
    var deeds =
        change.equals(Relation.NONE)
            ? List.<Deed>of()
            : List.of(Deed.changeOfRelation(!allowed.equals(Relation.NONE)));
    return exchange(
        answer.text(),
        answer.lines(),
        deeds,
        allowed,
        used(),
        Origin.scripted(reason, answer.citations()));
  }

  /// Says what a model said. What it wants to do happens as far as the world allows; where it wants
  /// nothing, the words do to the feelings what the script's rules say.
  Exchange spoken(Spoken.Words words) {
    var judged = Proposal.judge(words.proposals());
    var change = judged.valid() ? judged.change() : answer.change();
    var allowed = change.allowedAfter(before.conversation().moved());
    List<Deed> deeds = new ArrayList<>();
    if (!change.equals(Relation.NONE)) {
      deeds.add(Deed.changeOfRelation(!allowed.equals(Relation.NONE)));
    }
    deeds.addAll(judged.refused());
    var passages = around.lore().passages();
    return exchange(
        words.text(),
        List.of(),
        deeds,
        allowed,
        around.memories().stream().map(Memories.Found::recalled).toList(),
        new Origin(
            words.path(),
            words.reason(),
            words.ending(),
            passages.size(),
            words.inputTokens(),
            words.outputTokens(),
            passages.stream()
                .map(Passage::citation)
                .filter(citation -> words.cited().contains(citation.number()))
                .toList()));
  }

  /// Memories that the script's answer is built on, as they come to mind among all that the player
  /// told.
  private List<Recalled> used() {
    if (answer.memories().isEmpty()) {
      return List.of();
    }
    var facts = scene.known().facts().stream().map(Known::memory).distinct().toList();
    return Recall.recall(facts, utterance.verbatim(), when.gameSeconds(), facts.size()).stream()
        .filter(recalled -> answer.memories().contains(recalled.memory().id()))
        .toList();
  }

  private Exchange exchange(
      String text,
      List<String> lines,
      List<Deed> deeds,
      Relation moved,
      List<Recalled> recalled,
      Origin origin) {
    var conversation = before.conversation();
    int number = conversation.turns() + 1;
    boolean over = answer.isFarewell() || number >= when.mostTurns();
    var turn =
        new Turn(
            number,
            utterance.verbatim(),
            text,
            lines,
            notes(),
            new Manner(word(answer.intent().name(), "INTENT_"), feeling(), deeds, recalled.size()),
            decision,
            when.gameSeconds(),
            when.now(),
            over,
            origin);
    var after = conversation.with(turn, moved, answer.subject());
    return new Exchange(
        turn,
        over ? after.ended(when.now(), with(before.turns(), turn)) : after,
        memories,
        recalled,
        moved);
  }

  /// What shows on the face, whoever made the words.
  Optional<Feeling> feeling() {
    return answer
        .emotion()
        .map(shown ->
            new Feeling(word(shown.getKind().name(), "EMOTION_KIND_"), shown.getIntensity()));
  }

  private List<String> notes() {
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
