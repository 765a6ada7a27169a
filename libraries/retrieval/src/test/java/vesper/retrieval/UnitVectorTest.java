package vesper.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class UnitVectorTest {
  @Test
  void of_bringsToLengthOne() {
    var vector = UnitVector.of(new float[] {3, 4}).orElseThrow();

    assertThat(vector.toArray()).containsExactly(.6f, .8f);
    assertThat(vector.dimensions()).isEqualTo(2);
    assertThat(vector.cosine(UnitVector.of(new float[] {30, 40}).orElseThrow()))
        .isCloseTo(1, within(1e-6));
    assertThat(vector.cosine(UnitVector.of(new float[] {4, -3}).orElseThrow()))
        .isCloseTo(0, within(1e-6));
  }

  @Test
  void of_withoutDirection_isEmpty() {
    assertThat(UnitVector.of(new float[] {0, 0})).isEmpty();
    assertThat(UnitVector.of(new float[] {1, Float.NaN})).isEmpty();
    assertThat(UnitVector.of(new float[] {Float.POSITIVE_INFINITY, 1})).isEmpty();
    assertThat(UnitVector.of(new float[] {})).isEmpty();
  }
}
