package vesper.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FusionTest {
  @ParameterizedTest
  @CsvSource({"1, 1, .032787", "2, 3, .032002", "1, 10, .030679", "0, 1, .016393", "0, 0, 0"})
  void score_sumsReciprocalRanks(int words, int meaning, double score) {
    assertThat(new Fusion(60).score(words, meaning)).isCloseTo(score, within(5e-7));
  }
}
