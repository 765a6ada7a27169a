package vesper.retrieval;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingDouble;
import static java.util.Comparator.comparingInt;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.lucene.util.FixedBitSet;

/// Finds passages by words and by meaning. Immutable, and safe for use by many threads.
///
/// What is closed to the asker is left out before ranking, so a closed passage takes nobody's
/// place. Only how rare a word is counts over all passages.
public final class PassageIndex {
  private static final Comparator<Hit> BEST_FIRST =
      comparingDouble(Hit::score).reversed().thenComparing(hit -> hit.passage().chunk().id());

  private final List<Passage> passages;
  private final int[] sectionOf;
  private final List<String> sections;
  private final FixedBitSet withVector;
  private final RankingRules rules;
  private final LuceneIndex lucene;

  /// A passage and how near it is.
  private record Near(int number, double cosine) {}

  private PassageIndex(List<Passage> passages, RankingRules rules) {
    this.passages = passages;
    this.rules = rules;
    sections = List.copyOf(new TreeSet<>(passages.stream().map(Passage::section).toList()));
    Map<String, Integer> numbers = new HashMap<>();
    sections.forEach(section -> numbers.put(section, numbers.size()));
    sectionOf = passages.stream().mapToInt(p -> numbers.getOrDefault(p.section(), 0)).toArray();
    withVector = new FixedBitSet(Math.max(1, passages.size()));
    IntStream.range(0, passages.size())
        .filter(n -> passages.get(n).vector().isPresent())
        .forEach(withVector::set);
    lucene = LuceneIndex.of(passages, withVector.cardinality() > rules.exactBelow());
  }

  /// Indexes passages whose vectors, where they have one, have the same number of components.
  public static PassageIndex of(List<Passage> passages, RankingRules rules) {
    // Equal ranks follow the numbers of passages, so these follow the ids.
    return new PassageIndex(
        passages.stream().sorted(comparing(passage -> passage.chunk().id())).toList(), rules);
  }

  /// Returns the number of passages.
  public int size() {
    return passages.size();
  }

  /// Returns the passages of open sections that fit a query best, best first: those that share
  /// words with it, and, if its meaning is given, those nearest in meaning. Of passages that say
  /// the same only the surest is taken. A passage for which the budget has no room is left out.
  public List<Hit> search(Query query, Predicate<String> isOpen) {
    var open = open(isOpen);
    int count = open.cardinality();
    if (count == 0) {
      return List.of();
    }
    var words = lucene.byWords(query.words(), new VisibleQuery(open, count), rules.candidates());
    var meaning = query.meaning().map(vector -> byMeaning(vector, open)).orElse(List.of());
    var hits = fuse(words, meaning, query.meaning());
    return take(withoutDuplicates(hits), query);
  }

  private FixedBitSet open(Predicate<String> isOpen) {
    var openSections = new FixedBitSet(Math.max(1, sections.size()));
    for (int i = 0; i < sections.size(); i++) {
      if (isOpen.test(sections.get(i))) {
        openSections.set(i);
      }
    }
    var open = new FixedBitSet(Math.max(1, passages.size()));
    for (int n = 0; n < sectionOf.length; n++) {
      if (openSections.get(sectionOf[n])) {
        open.set(n);
      }
    }
    return open;
  }

  private List<Integer> byMeaning(UnitVector vector, FixedBitSet open) {
    var candidates = open.clone();
    candidates.and(withVector);
    int count = candidates.cardinality();
    if (count == 0) {
      return List.of();
    }
    if (count > rules.exactBelow()) {
      var found = lucene.nearest(vector, new VisibleQuery(candidates, count), rules.candidates());
      if (found.size() >= Math.min(count, rules.candidates())) {
        return found;
      }
    }
    return exactly(vector, candidates, count);
  }

  private List<Integer> exactly(UnitVector vector, FixedBitSet candidates, int count) {
    List<Near> all = new ArrayList<>(count);
    for (int n = candidates.nextSetBit(0);
        n < passages.size();
        n = n + 1 < passages.size() ? candidates.nextSetBit(n + 1) : passages.size()) {
      all.add(new Near(n, cosine(Optional.of(vector), passages.get(n))));
    }
    return all.stream()
        .sorted(comparingDouble(Near::cosine).reversed().thenComparingInt(Near::number))
        .limit(rules.candidates())
        .map(Near::number)
        .toList();
  }

  private List<Hit> fuse(List<Integer> words, List<Integer> meaning, Optional<UnitVector> vector) {
    var wordsRanks = ranks(words);
    var meaningRanks = ranks(meaning);
    var fusion = new Fusion(rules.rankConstant());
    return IntStream.concat(words.stream().mapToInt(n -> n), meaning.stream().mapToInt(n -> n))
        .distinct()
        .mapToObj(number -> {
          int wordsRank = wordsRanks.getOrDefault(number, 0);
          int meaningRank = meaningRanks.getOrDefault(number, 0);
          var passage = passages.get(number);
          return new Hit(
              passage,
              fusion.score(wordsRank, meaningRank),
              wordsRank,
              meaningRank,
              cosine(vector, passage));
        })
        .toList();
  }

  private static Map<Integer, Integer> ranks(List<Integer> numbers) {
    Map<Integer, Integer> ranks = new HashMap<>();
    numbers.forEach(number -> ranks.put(number, ranks.size() + 1));
    return ranks;
  }

  private static double cosine(Optional<UnitVector> vector, Passage passage) {
    return vector.isPresent() && passage.vector().isPresent()
        ? vector.get().cosine(passage.vector().get())
        : 0;
  }

  /// Leaves out what says the same as something surer, or as sure and better.
  private List<Hit> withoutDuplicates(List<Hit> hits) {
    var surestFirst =
        hits.stream()
            .sorted(
                comparingInt((Hit hit) -> hit.passage().authority())
                    .reversed()
                    .thenComparing(BEST_FIRST))
            .toList();
    List<Hit> kept = new ArrayList<>();
    for (var hit : surestFirst) {
      if (kept.stream().noneMatch(other -> isSame(hit.passage(), other.passage()))) {
        kept.add(hit);
      }
    }
    return kept.stream().sorted(BEST_FIRST).toList();
  }

  private boolean isSame(Passage one, Passage other) {
    return cosine(one.vector(), other) > rules.duplicateCosine();
  }

  private static List<Hit> take(List<Hit> hits, Query query) {
    List<Hit> taken = new ArrayList<>();
    int tokens = 0;
    for (var hit : hits) {
      int more = hit.passage().chunk().tokens();
      boolean hasRoom = query.tokenBudget() == 0 || tokens + more <= query.tokenBudget();
      if (hasRoom && taken.size() < query.limit()) {
        taken.add(hit);
        tokens += more;
      }
    }
    return List.copyOf(taken);
  }
}
