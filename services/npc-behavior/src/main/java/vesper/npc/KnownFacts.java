package vesper.npc;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import vesper.memory.Memory;
import vesper.memory.Recall;
import vesper.memory.Terms;
import vesper.pack.v1.Predicate;

/// What one player has told one NPC: the newest value of each fact.
///
/// @param facts newest first
record KnownFacts(List<Known> facts) {

  static final KnownFacts NONE = new KnownFacts(List.of());

  private static final int LONGEST_QUOTE = 160;
  private static final Pattern BARE_KIN = Pattern.compile("your (?:[\\p{L}-]+ )*[\\p{L}-]+");
  private static final Pattern COUNTED_KIN =
      Pattern.compile(
          "your (?:two|three|four|five|six|seven|eight|nine|ten|twelve|\\d+|many|several|some) .*");

  /// A fact and the memory that it comes from; its quote, importance and times are the memory's.
  record Known(Fact fact, Memory memory) {}

  /// A fact in question, as it is spoken of.
  ///
  /// @param predicate under which the world's lines speak of it; a relative's name is part of their
  ///   kin
  /// @param value completes the sentence that the predicate begins
  /// @param subject whom it is about: "you", "your sister"
  /// @param quote the words in which it was told, cut
  /// @param memories that it comes from
  record Recollection(
      Predicate predicate, String value, String subject, String quote, List<String> memories) {}

  /// Copies the facts, newest first.
  KnownFacts {
    facts =
        facts.stream()
            .sorted(
                Comparator.comparingLong((Known known) -> known.memory().createdAt())
                    .thenComparing(known -> known.memory().id())
                    .reversed())
            .toList();
  }

  /// Returns these with newer ones, which replace what they are about.
  KnownFacts with(List<Known> newer) {
    var kept =
        facts.stream()
            .filter(old ->
                newer.stream()
                    .noneMatch(known ->
                        known.fact().isAbout(old.fact().subject(), old.fact().predicate())));
    return new KnownFacts(Stream.concat(newer.stream(), kept).toList());
  }

  /// Returns those of the facts that say something new. That somebody is one's brother does not,
  /// once more is known of him.
  List<Fact> news(List<Fact> told) {
    return told.stream()
        .filter(fact ->
            fact.predicate() != Predicate.PREDICATE_KIN
                || !isBare(fact)
                || find(known -> known.isAbout(fact.subject(), fact.predicate())).isEmpty())
        .toList();
  }

  private static boolean isBare(Fact fact) {
    return BARE_KIN.matcher(fact.value()).matches()
        && !COUNTED_KIN.matcher(fact.value()).matches()
        && !fact.value().contains(" who ");
  }

  /// Returns the name that the player goes by.
  Optional<String> name() {
    return find(fact -> fact.isAbout(Fact.PLAYER, Predicate.PREDICATE_NAME))
        .map(known -> known.fact().value());
  }

  /// Returns what is known of one thing. For kin without a subject it is the relative told of last.
  Optional<Recollection> recollect(Predicate predicate, String subject) {
    if (predicate != Predicate.PREDICATE_KIN) {
      return find(fact -> fact.isAbout(subject, predicate)).map(this::recollect);
    }
    return find(
            fact -> !isOfPlayer(fact) && (isOfPlayer(subject) || fact.subject().equals(subject)))
        .or(() ->
            find(fact ->
                !isOfPlayer(fact) && fact.value().matches(".*\\b" + Pattern.quote(subject) + ".*")))
        .map(this::recollect);
  }

  /// Returns what the player told that fits the words best; empty when no word fits.
  Optional<Recollection> remind(String words, long now) {
    return Recall.recall(facts.stream().map(Known::memory).toList(), words, now, facts.size())
        .stream()
        .filter(recalled -> sharesWords(recalled.memory(), words))
        .findFirst()
        .flatMap(best ->
            facts.stream().filter(known -> known.memory().equals(best.memory())).findFirst())
        .map(this::recollect);
  }

  private static boolean sharesWords(Memory memory, String words) {
    var terms = Terms.CONTENT.of(List.of(memory.text(), words));
    return terms.get(1).stream().anyMatch(terms.get(0)::contains);
  }

  /// Returns a fact as it is spoken of; of a relative with the name, where it is known.
  Recollection recollect(Known known) {
    var fact = known.fact();
    var quote = Texts.shorten(Texts.withoutBraces(known.memory().text()), LONGEST_QUOTE);
    if (isOfPlayer(fact)) {
      return new Recollection(
          fact.predicate(), fact.value(), "you", quote, List.of(known.memory().id()));
    }
    var name = find(other -> other.isAbout(fact.subject(), Predicate.PREDICATE_NAME));
    var kin = find(other -> other.isAbout(fact.subject(), Predicate.PREDICATE_KIN));
    var phrase = kin.map(each -> each.fact().value()).orElse("your " + fact.subject());
    return new Recollection(
        Predicate.PREDICATE_KIN,
        Texts.cut(
            name.map(each -> named(phrase, each.fact().value())).orElse(phrase),
            Fact.LONGEST_VALUE),
        "your " + fact.subject(),
        quote,
        Stream.of(name, kin)
            .flatMap(Optional::stream)
            .map(each -> each.memory().id())
            .distinct()
            .toList());
  }

  private static String named(String phrase, String name) {
    if (phrase.contains(name)) {
      return phrase;
    }
    if (COUNTED_KIN.matcher(phrase).matches()) {
      return phrase + ", one of them " + name;
    }
    int comma = phrase.indexOf(", ");
    int who = phrase.indexOf(" who ");
    int end = comma >= 0 ? comma : who >= 0 ? who : phrase.length();
    return phrase.substring(0, end) + " " + name + phrase.substring(end);
  }

  private Optional<Known> find(java.util.function.Predicate<Fact> which) {
    return facts.stream().filter(known -> which.test(known.fact())).findFirst();
  }

  private static boolean isOfPlayer(Fact fact) {
    return isOfPlayer(fact.subject());
  }

  private static boolean isOfPlayer(String subject) {
    return subject.equals(Fact.PLAYER);
  }
}
