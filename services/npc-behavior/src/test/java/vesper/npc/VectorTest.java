package vesper.npc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class VectorTest {

  @Test
  void read_ofItsBytes_isTheSame() {
    var vector = Vector.of("m", List.of(.6f, -.8f));

    assertThat(vector.bytes()).hasSize(8);
    assertThat(Vector.read("m", vector.bytes()).cosine(vector)).isCloseTo(1, within(1e-6));
  }

  @Test
  void cosine_ofAnotherModelOrLength_isNothing() {
    var vector = Vector.of("m", List.of(1f, 0f));

    assertThat(vector.cosine(Vector.of("m", List.of(0f, 1f)))).isZero();
    assertThat(vector.cosine(Vector.of("n", List.of(1f, 0f)))).isZero();
    assertThat(vector.cosine(Vector.of("m", List.of(1f)))).isZero();
  }
}
