package vesper.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PassageIndexTest {
  private static final int DIMENSIONS = 16;
  private static final int CANON = 4;
  private static final int RUMOUR = 1;

  private static Passage passage(String id, String text, Optional<UnitVector> vector) {
    return passage(id, text, CANON, vector);
  }

  private static Passage passage(
      String id, String text, int authority, Optional<UnitVector> vector) {
    var chunk = new Chunk(id, List.of("Title"), 0, text.length(), text, Tokens.count(text));
    return new Passage("s-" + id, chunk, authority, vector);
  }

  private static Optional<UnitVector> vector(float... values) {
    return UnitVector.of(values);
  }

  private static UnitVector random(Random random) {
    var values = new float[DIMENSIONS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return UnitVector.of(values).orElseThrow();
  }

  private static Query query(String words, Optional<UnitVector> meaning) {
    return new Query(words, meaning, 8, 0);
  }

  private static List<String> ids(List<Hit> hits) {
    return hits.stream().map(hit -> hit.passage().chunk().id()).toList();
  }

  @Test
  void search_byWordsAlone_findsStems() {
    var index =
        PassageIndex.of(
            List.of(
                passage("a", "The ferryman carries a bell.", Optional.empty()),
                passage(
                    "b", "Bells ring; a bell rings twice under the bell tower.", Optional.empty()),
                passage("c", "Nothing of the kind.", Optional.empty())),
            RankingRules.USUAL);

    var hits = index.search(query("Who rang the bells?", Optional.empty()), _ -> true);

    assertThat(ids(hits)).containsExactly("b", "a");
    assertThat(hits.getFirst().wordsRank()).isEqualTo(1);
    assertThat(hits.getFirst().meaningRank()).isZero();
    assertThat(hits.getFirst().cosine()).isZero();
    assertThat(hits.getFirst().score()).isCloseTo(1. / 61, within(1e-9));
    assertThat(index.size()).isEqualTo(3);
  }

  @Test
  void search_queryOfStopWords_findsByMeaningOnly() {
    var index = PassageIndex.of(List.of(passage("a", "A bell.", vector(1, 0))), RankingRules.USUAL);

    assertThat(index.search(query("who is the", Optional.empty()), _ -> true)).isEmpty();
    var hits = index.search(query("who is the", vector(1, 1)), _ -> true);
    assertThat(ids(hits)).containsExactly("a");
    assertThat(hits.getFirst().cosine()).isCloseTo(Math.sqrt(.5), within(1e-6));
    assertThat(hits.getFirst().meaningRank()).isEqualTo(1);
  }

  @Test
  void search_headings_areFound() {
    var chunk = new Chunk("a", List.of("The Drowned Ledger"), 0, 3, "Yes", 1);
    var index =
        PassageIndex.of(
            List.of(new Passage("s", chunk, CANON, Optional.empty())), RankingRules.USUAL);

    assertThat(index.search(query("ledger", Optional.empty()), _ -> true)).hasSize(1);
  }

  @Test
  void search_ofNothing_isEmpty() {
    var index = PassageIndex.of(List.of(), RankingRules.USUAL);

    assertThat(index.search(query("bell", vector(1, 0)), _ -> true)).isEmpty();
  }

  @Test
  void search_ties_goById() {
    var index =
        PassageIndex.of(
            List.of(
                passage("b", "A bell.", Optional.empty()),
                passage("a", "A bell.", Optional.empty()),
                passage("c", "A bell.", Optional.empty())),
            RankingRules.USUAL);

    assertThat(ids(index.search(query("bell", Optional.empty()), _ -> true)))
        .containsExactly("a", "b", "c");
  }

  @Test
  void search_nearDuplicates_keepTheSurest() {
    var index =
        PassageIndex.of(
            List.of(
                passage("a", "The bell rings, bell, bell.", RUMOUR, vector(1, .01f, 0)),
                passage("b", "The bell hangs still.", CANON, vector(1, .02f, 0)),
                passage("c", "A bell of glass.", RUMOUR, vector(0, 0, 1))),
            RankingRules.USUAL);

    assertThat(ids(index.search(query("bell", vector(1, 0, 0)), _ -> true)))
        .containsExactly("b", "c");
    assertThat(ids(index.search(query("bell", vector(1, 0, 0)), s -> !s.equals("s-b"))))
        .containsExactly("a", "c");
  }

  @Test
  void search_budget_isFilledWithWhatFits() {
    var index =
        PassageIndex.of(
            List.of(
                passage("a", "bell bell bell", Optional.empty()),
                passage("b", "bell and nothing but a long row of words after it", Optional.empty()),
                passage("c", "bell two three", Optional.empty())),
            RankingRules.USUAL);

    var all = index.search(query("bell", Optional.empty()), _ -> true);
    assertThat(ids(all)).containsExactly("a", "c", "b");
    assertThat(ids(index.search(new Query("bell", Optional.empty(), 8, 6), _ -> true)))
        .containsExactly("a", "c");
    assertThat(ids(index.search(new Query("bell", Optional.empty(), 8, 5), _ -> true)))
        .containsExactly("a");
    assertThat(ids(index.search(new Query("bell", Optional.empty(), 1, 0), _ -> true)))
        .containsExactly("a");
  }

  /// Whatever is closed, open passages are found, as many as were asked for and exist, and near in
  /// meaning as if nothing else existed.
  @Property(tries = 60)
  void search_closedPassages_neitherShowNorCount(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 120) int size,
      @ForAll @IntRange(min = 1, max = 50) int limit,
      @ForAll @IntRange(min = 1, max = 99) int percentOpen) {
    var random = new Random(seed);
    List<Passage> passages = new ArrayList<>();
    for (int n = 0; n < size; n++) {
      var text = "w" + random.nextInt(5) + " w" + random.nextInt(5);
      passages.add(passage("p%03d".formatted(n), text, Optional.of(random(random))));
    }
    Set<String> open =
        Set.copyOf(
            passages.stream()
                .map(Passage::section)
                .filter(_ -> random.nextInt(100) < percentOpen)
                .toList());
    // With so few vectors compared exactly, larger open sets are searched in the graph.
    var rules = new RankingRules(60, 100, 20, .999999);
    var query = new Query("w1 w2", Optional.of(random(random)), limit, 0);

    var hits = PassageIndex.of(passages, rules).search(query, open::contains);

    assertThat(hits).hasSize(Math.min(limit, open.size()));
    assertThat(hits).allMatch(hit -> open.contains(hit.passage().section()));
    if (open.size() <= 20) {
      var alone =
          PassageIndex.of(passages.stream().filter(p -> open.contains(p.section())).toList(), rules)
              .search(new Query("w1 w2", query.meaning(), 120, 0), _ -> true);
      assertThat(alone).hasSize(open.size());
      assertThat(hits)
          .allSatisfy(hit ->
              assertThat(alone)
                  .anyMatch(other ->
                      other.passage().equals(hit.passage())
                          && other.meaningRank() == hit.meaningRank()));
    }
  }

  @Test
  void search_graph_findsWhatTheExactScanFinds() {
    var random = new Random(7);
    var passages =
        IntStream.range(0, 3_000)
            .mapToObj(n -> passage("p%04d".formatted(n), "x", Optional.of(random(random))))
            .toList();
    var graph = PassageIndex.of(passages, new RankingRules(60, 100, 100, .9999));
    var exact = PassageIndex.of(passages, new RankingRules(60, 100, 5_000, .9999));
    int found = 0;
    for (int n = 0; n < 20; n++) {
      var query = new Query("y", Optional.of(random(random)), 10, 0);
      var near = ids(graph.search(query, section -> !section.endsWith("7")));
      assertThat(near).hasSize(10).noneMatch(id -> id.endsWith("7"));
      var nearest = ids(exact.search(query, section -> !section.endsWith("7")));
      found += (int) near.stream().filter(nearest::contains).count();
    }
    assertThat(found).isGreaterThanOrEqualTo(190);
  }
}
