package vesper.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static vesper.memory.Streams.HOUR;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoreTest {

  private static final List<Score> RAW = List.of(raw(1, 3, .2), raw(24, 8, .5), raw(240, 9, .9));
  private static final double[] GOLDEN = {1.0000, 2.1059, 2.0000};

  private static Score raw(long hours, int importance, double relevance) {
    return new Score(Score.recency(hours * HOUR), importance / 10., relevance);
  }

  private static double[] totals(List<Score> raw) {
    return Score.scaled(raw).stream().mapToDouble(Score::total).toArray();
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, .9950", "24, .8867", "138, .5007", "-5, 1"})
  void recency_fallsByTheHour(long hours, double expected) {
    assertThat(Score.recency(hours * HOUR)).isCloseTo(expected, within(.00005));
  }

  @Test
  void totals_ofThreeMemories_areTheGoldenOnes() {
    assertThat(totals(RAW)).containsExactly(GOLDEN, within(.00005));
  }

  @Test
  void totals_ofFourMemories_areTheGoldenOnes() {
    assertThat(totals(List.of(raw(2, 3, .9), raw(30, 9, .4), raw(100, 5, .7), raw(1, 1, .1))))
        .containsExactly(new double[] {2.2372, 2.0291, 1.2500, 1.0000}, within(.00005));
  }

  /// Ranks by access order with the oldest highest, as published agent code does.
  @Test
  void totals_withInvertedRankAsRecency_missTheGoldenOnes() {
    var inverted =
        IntStream.range(0, RAW.size())
            .mapToObj(i ->
                new Score(
                    Math.pow(.995, RAW.size() - i),
                    RAW.get(i).importance(),
                    RAW.get(i).relevance()))
            .toList();

    var totals = totals(inverted);

    assertThat(Math.abs(totals[0] - GOLDEN[0])).isGreaterThan(.00005);
    assertThat(Math.abs(totals[2] - GOLDEN[2])).isGreaterThan(.00005);
  }

  @Test
  void scaled_partThatIsEqualInAll_isHalf() {
    assertThat(Score.scaled(List.of(new Score(.3, .4, .5)))).containsExactly(new Score(.5, .5, .5));
  }

  @Property
  void scaled_keepsOrderAndRange(
      @ForAll @Size(min = 1, max = 30) List<@DoubleRange(min = 0, max = 9) Double> values) {
    var scaled = Score.scaled(values.stream().map(value -> new Score(value, 0, -value)).toList());

    for (int i = 0; i < values.size(); i++) {
      assertThat(scaled.get(i).recency()).isBetween(0., 1.);
      assertThat(scaled.get(i).relevance()).isCloseTo(1 - scaled.get(i).recency(), within(1e-9));
      for (int j = 0; j < values.size(); j++) {
        if (values.get(i) < values.get(j)) {
          assertThat(scaled.get(i).recency()).isLessThanOrEqualTo(scaled.get(j).recency());
        }
      }
    }
  }
}
