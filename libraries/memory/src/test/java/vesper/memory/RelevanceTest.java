package vesper.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static vesper.memory.Streams.memory;

import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RelevanceTest {
  private static final List<Memory> STREAM =
      List.of(
          memory("a", "She lost a ledger in the canal.", 5, 1),
          memory("b", "Her account book fell into the water.", 5, 1),
          memory("c", "The baker closed early.", 5, 1));

  @Provide
  Arbitrary<List<Memory>> streams() {
    return Streams.streams();
  }

  @Test
  void of_wordsAndMeaning_haveHalfAPointEach() {
    var relevance = Relevance.of(STREAM, "lost ledger", Map.of("a", .9, "b", .8, "c", .4));

    assertThat(relevance).containsExactly(new double[] {1, .4, 0}, within(1e-12));
  }

  @Test
  void of_memoryWithoutAVector_isJudgedByItsWords() {
    var relevance = Relevance.of(STREAM, "lost ledger", Map.of("b", .8, "c", .4));

    assertThat(relevance).containsExactly(new double[] {.5, .5, 0}, within(1e-12));
  }

  @Test
  void of_equalLikeness_tellsNothingApart() {
    assertThat(Relevance.of(STREAM, "baker", Map.of("a", .5, "c", .5)))
        .containsExactly(new double[] {.5, 0, 1}, within(1e-12));
  }

  @Test
  void of_wordsThatNobodyHas_leavesTheMeaning() {
    assertThat(Relevance.of(STREAM, "zebra", Map.of("a", .2, "b", .6, "c", .4)))
        .containsExactly(new double[] {0, .5, .25}, within(1e-12));
  }

  @Property
  void of_noVectors_isBm25Alone(@ForAll("streams") List<Memory> stream) {
    var words =
        Bm25.over(Terms.CONTENT.of(stream.stream().map(Memory::text).toList()))
            .scores(Terms.CONTENT.of("salt boat"));

    assertThat(Relevance.of(stream, "salt boat", Map.of("unknown", .5))).isEqualTo(words);
  }

  @Test
  void recall_alikeInMeaning_comesBeforeWhatSharesNoWord() {
    var recalled =
        Recall.recall(STREAM, "Where is the ledger?", Map.of("a", .9, "b", .85, "c", .3), 3, 2);

    assertThat(recalled).extracting(each -> each.memory().id()).containsExactly("a", "b");
  }
}
