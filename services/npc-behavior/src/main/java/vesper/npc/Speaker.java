package vesper.npc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import vesper.npc.Heard.Meaning;
import vesper.npc.KnownFacts.Recollection;
import vesper.pack.v1.About;
import vesper.pack.v1.Intent;
import vesper.pack.v1.Predicate;

/// Answers in the words of a world's dialogue. The same scene, words and dice give the same answer.
///
/// Of the lines that fit, those that are made most for the person and the moment are considered,
/// and of these one is chosen by the dice. Nothing is said twice in a talk: when all that fits was
/// said, the person says something else that it can say to anything, then something it knows, then
/// two lines in a row that were not said together yet.
final class Speaker {

  private static final int ONE_ANSWER_IN = 3;

  private final Scene scene;
  private final Dice dice;
  private final Remarks remarks;
  private final boolean weaves;

  private Speaker(Scene scene, Dice dice) {
    this.scene = scene;
    this.dice = dice;
    weaves = dice.below(ONE_ANSWER_IN) == 0;
    remarks = new Remarks(scene, weaves);
  }

  /// Returns the answer to what was heard.
  static Answer answer(Scene scene, Heard heard, Dice dice) {
    return new Speaker(scene, dice).answer(heard);
  }

  /// Returns a line that ends words which a model cannot go on with, or nothing when the world has
  /// none that fits.
  static String closing(Draft draft) {
    var conversation = draft.before().conversation();
    var dice = Dice.of(draft.decision().hashCode(), conversation.id(), conversation.turns(), "end");
    var speaker = new Speaker(draft.scene(), dice);
    return speaker
        .choose(speaker.remarks.plain(Intent.INTENT_BREAK_OFF))
        .map(Remark::text)
        .orElse("");
  }

  private Answer answer(Heard heard) {
    var meaning = withFact(heard);
    List<Remark> said = new ArrayList<>();
    if (!scene.told().isEmpty() && !(meaning instanceof Meaning.Tells)) {
      acknowledgement().ifPresent(said::add);
    }
    var subject = new ArrayList<Subject>();
    said.add(
        pressing(meaning)
            .or(() -> reply(meaning, subject))
            .or(this::anything)
            .orElseGet(this::again));
    var change = said.stream().map(Remark::change).reduce(Relation.NONE, Relation::and);
    return new Answer(
        String.join(" ", said.stream().map(Remark::text).toList()),
        said.stream().flatMap(remark -> remark.ids().stream()).toList(),
        meaning.intent(),
        said.reversed().stream().flatMap(remark -> remark.emotion().stream()).findFirst(),
        change,
        said.stream().flatMap(remark -> remark.memories().stream()).distinct().toList(),
        subject.stream().map(Subject::id).findFirst(),
        scene.tidings().quoted().stream()
            .filter(quoted -> said.stream().anyMatch(each -> each.ids().contains(quoted.id())))
            .map(Quoted::citation)
            .toList());
  }

  /// How things are now, for one who asks for that before anything else.
  private Optional<Remark> pressing(Meaning meaning) {
    boolean open =
        switch (meaning) {
          case Meaning.AsksAbout _ -> true;
          case Meaning.Plain(var intent) ->
              switch (intent) {
                case INTENT_UNKNOWN, INTENT_SMALL_TALK, INTENT_GREET, INTENT_ASK_WELLBEING -> true;
                default -> false;
              };
          case Meaning.Tells _, Meaning.AsksFact _, Meaning.AsksSaid _ -> false;
        };
    return open && scene.tidings().pressing() ? news() : Optional.empty();
  }

  /// What the world knows where the person has nothing to say.
  private Optional<Remark> found() {
    return scene
        .tidings()
        .quoted()
        .flatMap(quoted -> choose(remarks.quoting(quoted)))
        .or(this::news);
  }

  private Optional<Remark> news() {
    return scene.tidings().now().stream()
        .flatMap(fact -> choose(remarks.news(fact)).stream())
        .findFirst();
  }

  /// A fact in words that ask for nothing is what they are for.
  private Meaning withFact(Heard heard) {
    boolean light =
        switch (heard.meaning().intent()) {
          case INTENT_GREET, INTENT_SMALL_TALK, INTENT_UNKNOWN -> true;
          default -> false;
        };
    return light && !heard.told().isEmpty()
        ? new Meaning.Tells(heard.told().getFirst())
        : heard.meaning();
  }

  private Optional<Remark> acknowledgement() {
    return scene.told().isEmpty()
        ? Optional.empty()
        : choose(remarks.acknowledging(scene.known().recollect(scene.told().getFirst())));
  }

  private Optional<Remark> reply(Meaning meaning, List<Subject> asked) {
    return switch (meaning) {
      case Meaning.Plain(var intent) ->
          (intent == Intent.INTENT_UNKNOWN ? found() : Optional.<Remark>empty())
              .or(() -> choose(remarks.plain(intent)));
      case Meaning.Tells(var fact) ->
          choose(
              remarks.acknowledging(
                  scene.told().stream()
                      .filter(known -> known.fact().subject().equals(fact.subject()))
                      .filter(known -> known.fact().predicate() == fact.predicate())
                      .findFirst()
                      .or(() -> scene.told().stream().findFirst())
                      .map(scene.known()::recollect)
                      .orElseGet(() -> spoken(fact))));
      case Meaning.AsksFact(var question) -> choose(recalled(question));
      case Meaning.AsksSaid(var about) ->
          scene
              .known()
              .remind(about, scene.moment().map(Moment::gameSeconds).orElse(0L))
              .flatMap(found -> choose(remarks.remembering(found)));
      case Meaning.AsksAbout(var subject) -> {
        subject.ifPresent(asked::add);
        yield about(subject);
      }
    };
  }

  /// A fact that was known already and so is no news.
  private Recollection spoken(Fact fact) {
    var predicate = fact.subject().equals(Fact.PLAYER) ? fact.predicate() : Predicate.PREDICATE_KIN;
    return scene
        .known()
        .recollect(predicate, fact.subject())
        .orElseGet(() -> new Recollection(predicate, fact.value(), "you", fact.value(), List.of()));
  }

  private Stream<Remark> recalled(FactQuestion question) {
    var known = scene.known();
    var found =
        question.predicate().isPresent()
            ? known.recollect(question.predicate().get(), question.subject())
            : remarks
                .unspoken()
                .findFirst()
                .or(() -> known.facts().stream().findFirst().map(known::recollect));
    return found
        .map(remarks::remembering)
        .orElseGet(() -> remarks.ignorant(question.predicate().orElse(Predicate.PREDICATE_NAME)));
  }

  private Optional<Remark> about(Optional<Subject> subject) {
    return subject
        .map(asked ->
            switch (asked) {
              case Subject.Known(var topic) -> {
                if (scene.relation().standing() < topic.getMinStanding()) {
                  yield choose(remarks.about(About.ABOUT_WITHHELD, asked, Optional.empty()));
                }
                yield telling(topic.getSecret() ? About.ABOUT_SECRET : About.ABOUT_TOPIC, asked);
              }
              case Subject.Person person ->
                  person.says().isEmpty()
                      ? found()
                          .or(() ->
                              choose(remarks.about(About.ABOUT_STRANGER, asked, Optional.empty())))
                      : telling(About.ABOUT_PERSON, asked);
              case Subject.Place _ -> telling(About.ABOUT_PLACE, asked);
              case Subject.Family _ -> telling(About.ABOUT_FAMILY, asked);
            })
        .orElseGet(this::nothing);
  }

  /// The person has nothing to say of what was asked about.
  private Optional<Remark> nothing() {
    return found().or(() -> choose(remarks.about(About.ABOUT_NOTHING, Optional.empty())));
  }

  /// Tells the next thing about a subject; when no line is left to tell it with, it is told alone.
  /// What must not be said is denied.
  private Optional<Remark> telling(About about, Subject asked) {
    var all = remarks.knowledge(asked).toList();
    var knowledge = all.stream().filter(this::isOpen).findFirst();
    if (knowledge.isPresent()) {
      return choose(remarks.about(about, asked, knowledge)).or(() -> knowledge);
    }
    return all.isEmpty()
        ? found().or(() -> choose(remarks.about(About.ABOUT_TOLD, asked, Optional.empty())))
        : nothing();
  }

  /// Something that can be said to anything.
  private Optional<Remark> anything() {
    return choose(remarks.plain(Intent.INTENT_UNKNOWN))
        .or(() -> choose(remarks.plain(Intent.INTENT_SMALL_TALK)))
        .or(() -> remarks.anyKnowledge().filter(this::isOpen).findFirst())
        .or(this::twoLines);
  }

  private Optional<Remark> twoLines() {
    var lines = remarks.repeatable().toList();
    var pairs =
        lines.stream()
            .flatMap(first -> lines.stream().map(second -> remarks.joined(first, second)))
            .flatMap(Optional::stream)
            .toList();
    return pick(pairs);
  }

  /// Repeats a line. It is said only in a world with a handful of lines.
  private Remark again() {
    return pick(remarks.repeatable().toList())
        .orElseThrow(() ->
            new IllegalStateException("No line of the world fits: " + scene.part().npc().getId()));
  }

  /// Chooses among what suits best; what must not be said is left out.
  private Optional<Remark> choose(Stream<Remark> fitting) {
    var left = new ArrayList<>(fitting.toList());
    while (!left.isEmpty()) {
      int best = left.stream().mapToInt(Remark::rank).max().orElseThrow();
      var picked = pick(left.stream().filter(remark -> remark.rank() == best).toList());
      if (picked.isPresent()) {
        return picked;
      }
      left.removeIf(remark -> remark.rank() == best);
    }
    return Optional.empty();
  }

  private Optional<Remark> pick(List<Remark> equals) {
    var left = new ArrayList<>(equals);
    while (!left.isEmpty()) {
      var picked = dice.pick(left);
      if (isOpen(picked)) {
        return Optional.of(picked);
      }
      left.remove(picked);
    }
    return Optional.empty();
  }

  private boolean isOpen(Remark remark) {
    return scene.tidings().isOpen(remark.text());
  }
}
