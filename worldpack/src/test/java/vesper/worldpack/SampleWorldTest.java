package vesper.worldpack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SampleWorldTest {

  @Test
  void validate_sampleWorld_findsNothing() {
    assertThat(PackValidator.validate(Packs.sample())).isEmpty();
  }
}
