package vesper.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class Bm25Test {

  private static double[] scores(List<String> query, String... documents) {
    var split = Arrays.stream(documents).map(text -> List.of(text.split(" "))).toList();
    return Bm25.over(split).scores(query);
  }

  @Test
  void scores_byHand() {
    // N = 2, mean length 3; "boat" is in one document, twice, of length 4.
    double expected = Math.log(1 + 1.5 / 1.5) * 2 / (2 + .9 * (1 - .4 + .4 * 4 / 3));

    assertThat(scores(List.of("boat"), "boat boat sea salt", "sea salt"))
        .containsExactly(new double[] {expected, 0}, within(1e-12));
  }

  @Test
  void scores_rareTermBeatsCommonOne() {
    var scores = scores(List.of("salt", "ledger"), "salt road", "salt ledger", "salt boat");

    assertThat(scores[1]).isGreaterThan(scores[0]);
    assertThat(scores[0]).isPositive();
  }

  @Test
  void scores_shorterDocumentBeatsLongerOne() {
    var scores = scores(List.of("boat"), "boat", "boat with many other words");

    assertThat(scores[0]).isGreaterThan(scores[1]);
  }

  @Test
  void scores_repeatedQueryTerm_countsOnce() {
    assertThat(scores(List.of("boat", "boat"), "boat", "sea"))
        .isEqualTo(scores(List.of("boat"), "boat", "sea"));
  }

  @Test
  void scores_nothingIndexed_isEmpty() {
    assertThat(Bm25.over(List.of()).scores(List.of("boat"))).isEmpty();
    assertThat(Bm25.over(List.of(List.of())).scores(List.of("boat"))).containsExactly(0);
  }

  @Property
  void scores_orderOfDocuments_doesNotMatter(
      @ForAll @Size(max = 20) List<@Size(max = 6) List<@IntRange(max = 5) Integer>> numbers,
      @ForAll long seed) {
    var documents =
        numbers.stream().map(list -> list.stream().map(String::valueOf).toList()).toList();
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < documents.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(seed));

    var scores = Bm25.over(documents).scores(List.of("0", "1", "2"));
    var shuffled =
        Bm25.over(order.stream().map(documents::get).toList()).scores(List.of("2", "1", "0"));

    for (int i = 0; i < order.size(); i++) {
      assertThat(shuffled[i]).isEqualTo(scores[order.get(i)]);
    }
  }
}
