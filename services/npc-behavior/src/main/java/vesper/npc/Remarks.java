package vesper.npc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import vesper.npc.KnownFacts.Recollection;
import vesper.pack.v1.About;
import vesper.pack.v1.DayPart;
import vesper.pack.v1.Intent;
import vesper.pack.v1.Predicate;
import vesper.pack.v1.When;
import vesper.worldpack.Line;
import vesper.worldpack.Slot;

/// The remarks that fit a scene: lines whose conditions hold, whose slots all have a value, and
/// that were not said yet.
final class Remarks {

  private static final int RANK_OF_A_WOVEN_MEMORY = 500;
  private static final int RANK_OF_THE_NAME = 2000;

  private final Scene scene;
  private final boolean weaves;
  private final Map<Slot, String> values = new EnumMap<>(Slot.class);

  /// Remarks for a scene.
  ///
  /// @param weaves whether memories come up unasked
  Remarks(Scene scene, boolean weaves) {
    this.scene = scene;
    this.weaves = weaves;
    var npc = scene.part().npc();
    values.put(Slot.PLAYER, scene.known().name().orElse(npc.getVoice().getAddress()));
    values.put(Slot.NPC, npc.getName());
    values.put(Slot.NPC_TITLE, npc.getTitle());
    values.put(Slot.PLACE, scene.part().place().getName());
    values.put(Slot.REGION, scene.part().region().getName());
    scene
        .moment()
        .ifPresent(moment -> {
          values.put(Slot.DAY_PART, word(moment.dayPart().name(), "DAY_PART_"));
          values.put(Slot.PHASE, word(moment.phase().name(), "PHASE_"));
          values.put(Slot.GREETING, greeting(moment.dayPart()));
          values.put(Slot.CLOCK, moment.clock());
          values.put(Slot.SEASON, moment.season());
          values.put(Slot.WEEKDAY, moment.weekday());
          values.put(Slot.MOON, moment.moon());
        });
    scene.last().ifPresent(last -> values.put(Slot.LAST_TOPIC, last.name()));
  }

  private static String word(String constant, String prefix) {
    return constant.substring(prefix.length()).toLowerCase(Locale.ROOT);
  }

  private static String greeting(DayPart part) {
    return switch (part) {
      case DAY_PART_DAWN, DAY_PART_MORNING -> "good morning";
      case DAY_PART_NOON -> "good day";
      case DAY_PART_AFTERNOON -> "good afternoon";
      default -> "good evening";
    };
  }

  /// Lines of an intent that needs nothing else.
  Stream<Remark> plain(Intent intent) {
    return scene.part().lines(intent).stream()
        .flatMap(line -> line.when().hasRecalls() ? woven(line) : said(line, Optional.empty()))
        .map(remark -> intent == Intent.INTENT_GREET ? withName(remark) : remark);
  }

  /// A line that brings up a memory unasked: none when the player has told nothing of the kind, or
  /// when it came up already.
  private Stream<Remark> woven(ScriptLine line) {
    int rank = weaves ? RANK_OF_A_WOVEN_MEMORY : -RANK_OF_A_WOVEN_MEMORY;
    return scene.known().recollect(line.when().getRecalls(), Fact.PLAYER).stream()
        .filter(this::isUnspoken)
        .flatMap(fact -> said(line, Optional.of(fact)))
        .map(remark -> remark.ranked(remark.rank() + rank));
  }

  /// One who gave a name is greeted by it, once in a talk.
  private Remark withName(Remark remark) {
    boolean named = scene.known().name().filter(remark.text()::contains).isPresent();
    boolean first = scene.said().texts().isEmpty();
    return named && first ? remark.ranked(remark.rank() + RANK_OF_THE_NAME) : remark;
  }

  /// Lines that take note of a fact.
  Stream<Remark> acknowledging(Recollection fact) {
    return of(
            Intent.INTENT_TELL_FACT, when -> when.getFact() == fact.predicate(), Optional.of(fact))
        .map(Remark::withoutMemories);
  }

  /// Lines that tell the player what it told.
  Stream<Remark> remembering(Recollection fact) {
    return of(
            Intent.INTENT_ASK_FACT,
            when -> when.getFact() == fact.predicate() && when.getKnown(),
            Optional.of(fact))
        .filter(remark -> containsIgnoringCase(remark.text(), fact.value()));
  }

  /// Lines that admit to know nothing of the kind.
  Stream<Remark> ignorant(Predicate predicate) {
    return of(
        Intent.INTENT_ASK_FACT,
        when -> when.getFact() == predicate && !when.getKnown(),
        Optional.empty());
  }

  /// Lines about a subject, with something that is told of it where there is something.
  Stream<Remark> about(About about, Subject subject, Optional<Remark> knowledge) {
    var filled = new EnumMap<>(values);
    boolean person = about == About.ABOUT_PERSON || about == About.ABOUT_STRANGER;
    filled.put(person ? Slot.OTHER_NAME : Slot.TOPIC_NAME, subject.name());
    knowledge.ifPresent(
        told -> filled.put(person ? Slot.OTHER_SAYS : Slot.TOPIC_TEXT, told.text()));
    return scene.part().lines(Intent.INTENT_ASK_ABOUT).stream()
        .filter(line -> line.when().getAboutList().contains(about))
        .flatMap(line -> said(line, filled, Optional.empty()))
        .map(remark -> knowledge.map(remark::telling).orElse(remark));
  }

  /// Lines about nothing that the world has.
  Stream<Remark> about(About about, Optional<Recollection> nothing) {
    return of(Intent.INTENT_ASK_ABOUT, when -> when.getAboutList().contains(about), nothing);
  }

  /// Lines that quote a document.
  Stream<Remark> quoting(Quoted quoted) {
    var filled = new EnumMap<>(values);
    filled.put(Slot.LORE_QUOTE, quoted.marked());
    filled.put(Slot.LORE_TITLE, quoted.title());
    return telling(
        quoted.rumour() ? About.ABOUT_RUMOUR : About.ABOUT_LORE,
        filled,
        Remark.ofKnowledge(quoted.id(), quoted.marked()));
  }

  /// Lines that tell how something is now.
  Stream<Remark> news(StateFact fact) {
    var filled = new EnumMap<>(values);
    filled.put(Slot.NOW_TEXT, fact.text());
    return telling(
        fact.kind() == StateFact.Kind.SEEN ? About.ABOUT_SEEN : About.ABOUT_NOW,
        filled,
        Remark.ofKnowledge("now:" + fact.id(), fact.text()));
  }

  /// Lines that tell something that was not told in this talk yet.
  private Stream<Remark> telling(About about, Map<Slot, String> filled, Remark knowledge) {
    if (scene.said().hasInThisTalk(knowledge.ids().getFirst())) {
      return Stream.of();
    }
    return scene.part().lines(Intent.INTENT_ASK_ABOUT).stream()
        .filter(line -> line.when().getAboutList().contains(about))
        .flatMap(line -> said(line, filled, Optional.empty()))
        .map(remark -> remark.telling(knowledge));
  }

  /// What the person can tell of a subject and has not told in this talk, in the order of its
  /// author.
  Stream<Remark> knowledge(Subject subject) {
    var texts =
        switch (subject) {
          case Subject.Known(var topic) -> topic.getTextList();
          case Subject.Person person -> person.says();
          case Subject.Place place -> List.of(place.description());
          case Subject.Family family -> List.of(family.description());
        };
    boolean lines = subject instanceof Subject.Known || subject instanceof Subject.Person;
    // What was told at the end of the last talk comes after what was not.
    return IntStream.range(0, texts.size())
        .boxed()
        .sorted(Comparator.comparing(i -> scene.said().has(subject.id() + "#" + i)))
        .filter(i -> !scene.said().hasInThisTalk(subject.id() + "#" + i))
        .flatMap(i -> knowledge(subject.id() + "#" + i, texts.get(i), lines));
  }

  private Stream<Remark> knowledge(String id, String text, boolean line) {
    return (line ? filled(Line.parse(text), values) : Optional.of(text))
        .map(told -> Remark.ofKnowledge(id, told)).filter(remark -> isNew(remark.text())).stream();
  }

  /// All that the person may tell unasked.
  Stream<Remark> anyKnowledge() {
    var npc = scene.part().npc();
    var topics =
        npc.getKnowledgeList().stream()
            .filter(topic -> !topic.getSecret())
            .filter(topic -> scene.relation().standing() >= topic.getMinStanding())
            .map(topic -> "topic:" + topic.getId());
    var people = npc.getRelationsList().stream().map(other -> "person:" + other.getNpc());
    return Stream.concat(topics, people)
        .flatMap(id -> scene.part().subjects().find(id).stream())
        .flatMap(this::knowledge);
  }

  /// Facts that did not come up in this talk, the newest first.
  Stream<Recollection> unspoken() {
    return scene.known().facts().stream().map(scene.known()::recollect).filter(this::isUnspoken);
  }

  private boolean isUnspoken(Recollection fact) {
    return fact.memories().stream()
        .noneMatch(id -> scene.fresh().contains(id) || scene.said().hasInThisTalk(memoryId(id)));
  }

  /// Lines that can be said to anything, also those that were said.
  Stream<Remark> repeatable() {
    return Stream.of(Intent.INTENT_UNKNOWN, Intent.INTENT_SMALL_TALK, Intent.INTENT_FAREWELL)
        .flatMap(intent -> scene.part().lines(intent).stream())
        .filter(line -> !line.when().hasRecalls() && holds(line.when()))
        .flatMap(line ->
            filled(line.line(), values).map(text -> remark(line, text, Optional.empty())).stream());
  }

  /// Returns two remarks in a row, unless they are one, or were said so before.
  Optional<Remark> joined(Remark first, Remark second) {
    var id = first.ids().getFirst() + "+" + second.ids().getFirst();
    var text = first.text() + " " + second.text();
    return first.equals(second) || scene.said().has(id) || !isNew(text)
        ? Optional.empty()
        : Optional.of(Remark.ofKnowledge(id, text));
  }

  private Stream<Remark> of(
      Intent intent, java.util.function.Predicate<When> variant, Optional<Recollection> fact) {
    return scene.part().lines(intent).stream()
        .filter(line -> variant.test(line.when()))
        .flatMap(line -> said(line, fact))
        .map(remark -> fact.map(found -> atEnd(remark, found.value())).orElse(remark));
  }

  /// A value that is a clause reads best where its sentence ends.
  private static Remark atEnd(Remark remark, String value) {
    boolean goesOn = value.contains(", ") && remark.text().contains(value + " ");
    return goesOn ? remark.ranked(remark.rank() - 1) : remark;
  }

  private Stream<Remark> said(ScriptLine line, Optional<Recollection> fact) {
    var filled = new EnumMap<>(values);
    fact.ifPresent(found -> {
      filled.put(Slot.FACT_VALUE, found.value());
      filled.put(Slot.FACT_QUOTE, found.quote());
      filled.put(Slot.FACT_SUBJECT, found.subject());
    });
    return said(line, filled, fact);
  }

  private Stream<Remark> said(
      ScriptLine line, Map<Slot, String> filled, Optional<Recollection> fact) {
    if (scene.said().has(line.id()) || !holds(line.when())) {
      return Stream.of();
    }
    return filled(line.line(), filled)
        .filter(this::isNew)
        .map(text -> remark(line, text, fact))
        .stream();
  }

  private static Optional<String> filled(Line line, Map<Slot, String> values) {
    return values.keySet().containsAll(line.slots())
        ? Optional.of(line.fill(values))
        : Optional.empty();
  }

  private boolean isNew(String text) {
    return !scene.said().texts().contains(text);
  }

  private boolean holds(When when) {
    double standing = scene.relation().standing();
    return standing >= when.getMinStanding()
        && standing <= when.getMaxStanding()
        && (!when.hasFirstMeeting()
            || (when.getFirstMeeting() ? isUnknown() : !scene.firstMeeting()))
        && (when.getDayPartsCount() == 0
            || scene
                .moment()
                .filter(now -> when.getDayPartsList().contains(now.dayPart()))
                .isPresent())
        && (when.getPhasesCount() == 0
            || scene
                .moment()
                .filter(now -> when.getPhasesList().contains(now.phase()))
                .isPresent());
  }

  /// A player is a stranger until the first words of the first talk, or until a name was given.
  private boolean isUnknown() {
    return scene.firstMeeting() && scene.said().texts().isEmpty() && scene.known().name().isEmpty();
  }

  private static Remark remark(ScriptLine line, String text, Optional<Recollection> fact) {
    var template = line.template();
    var change = template.getRelation();
    List<String> ids = new ArrayList<>(List.of(line.id()));
    var memories = fact.map(Recollection::memories).orElse(List.of());
    memories.forEach(id -> ids.add(memoryId(id)));
    return new Remark(
        ids,
        text,
        template.hasEmotion() ? Optional.of(template.getEmotion()) : Optional.empty(),
        new Relation(
            change.getTrust(), change.getAffection(), change.getRespect(), change.getFear()),
        memories,
        line.rank());
  }

  private static String memoryId(String id) {
    return "memory:" + id;
  }

  private static boolean containsIgnoringCase(String text, String part) {
    return text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
  }
}
