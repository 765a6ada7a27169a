package vesper.npc;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import vesper.memory.Memory;
import vesper.memory.Terms;

/// What may be said of the world to one question: a sentence of a document, and how things are now.
///
/// @param quoted the sentence, if one fits
/// @param now what is so, the most fitting first
/// @param pressing whether the question is for how things are, more than for anything else
/// @param lore tells what must not be said
record Tidings(Optional<Quoted> quoted, List<StateFact> now, boolean pressing, Lore lore) {

  static final Tidings NONE = new Tidings(Optional.empty(), List.of(), false, Lore.UNKNOWN);

  private static final double SURE = .6;
  private static final double LIKELY = .75;
  private static final int MOST = 8;

  /// Copies the facts.
  Tidings {
    now = List.copyOf(now);
  }

  static Tidings of(Heard heard, String words, Surroundings around) {
    var interest = heard.interest();
    var quoted =
        interest == Interest.NONE
            ? Optional.<Quoted>empty()
            : Quoted.of(words, around.lore().passages());
    return switch (interest) {
      case NONE -> new Tidings(quoted, List.of(), false, around.lore());
      case ANSWER ->
          new Tidings(quoted, fitting(words, around.state(), LIKELY), false, around.lore());
      case STATE -> new Tidings(quoted, fitting(words, around.state(), SURE), true, around.lore());
      case HAPPENING -> new Tidings(quoted, happenings(words, around), true, around.lore());
      case SEEING ->
          new Tidings(quoted, first(StateFact.Kind.SEEN, words, around), true, around.lore());
    };
  }

  private static List<StateFact> fitting(String words, List<StateFact> state, double least) {
    var question = Keywords.of(words);
    return state.stream()
        .filter(fact -> Keywords.share(question, fact.terms()) >= least)
        .sorted(
            Comparator.comparingDouble((StateFact f) -> -Keywords.share(question, f.terms()))
                .thenComparing(StateFact::kind)
                .thenComparing(newestFirst()))
        .limit(MOST)
        .toList();
  }

  /// Returns what is known in one way before what is known in the other; of each what the words
  /// name, then the newest.
  private static List<StateFact> first(StateFact.Kind kind, String words, Surroundings around) {
    Set<String> named = Keywords.of(words);
    return around.state().stream()
        .sorted(
            Comparator.comparing((StateFact fact) -> fact.kind() != kind)
                .thenComparingDouble(fact -> -Keywords.share(named, fact.terms()))
                .thenComparing(newestFirst()))
        .limit(MOST)
        .toList();
  }

  /// Returns what is new, then how things were of late, then how they always are.
  private static List<StateFact> happenings(String words, Surroundings around) {
    var facts = first(StateFact.Kind.SAID, words, around);
    var fresh = facts.stream().filter(Tidings::isFresh);
    var usual = facts.stream().filter(fact -> !isFresh(fact));
    var before =
        around.memories().stream()
            .filter(found -> found.stored().player().equals(MemoryTable.NOBODY))
            .map(found -> found.recalled().memory())
            .filter(memory -> memory.kind() == Memory.Kind.OBSERVATION)
            .map(Tidings::remembered);
    return Stream.of(fresh, before, usual).flatMap(each -> each).limit(MOST).toList();
  }

  private static boolean isFresh(StateFact fact) {
    return fact.kind() == StateFact.Kind.SAID && fact.changed() > 0;
  }

  private static StateFact remembered(Memory memory) {
    var terms = new HashSet<>(Terms.CONTENT.of(memory.text()));
    return new StateFact(
        "memory:" + memory.id(), memory.text(), StateFact.Kind.SAID, memory.createdAt(), terms);
  }

  private static Comparator<StateFact> newestFirst() {
    return Comparator.comparingLong(StateFact::changed).reversed().thenComparing(StateFact::id);
  }

  boolean isOpen(String text) {
    return lore.isOpen(text);
  }
}
