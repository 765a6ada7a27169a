package vesper.ai;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import vesper.ai.v1.GenerateRequest;

class SeedTest {
  @Test
  @Tag("GEN-5")
  void of_dependsOnWorldSpeakerRecordUseAndAttempt() {
    GenerateRequest request = Requests.dialogue().build();
    Seed seed = Seed.of(request, "record", 1);
    assertThat(Seed.of(request, "record", 1)).isEqualTo(seed);
    assertThat(Seed.of(request, "record", 2)).isNotEqualTo(seed);
    assertThat(Seed.of(request, "other", 1)).isNotEqualTo(seed);
    assertThat(Seed.of(request.toBuilder().setUseCase("bark").build(), "record", 1))
        .isNotEqualTo(seed);
    assertThat(Seed.of(request.toBuilder().setNpcId("npc:x").build(), "record", 1))
        .isNotEqualTo(seed);
    assertThat(Seed.of(request.toBuilder().setWorldId("w").build(), "record", 1))
        .isNotEqualTo(seed);
    assertThat(seed.sent()).isNotNegative().isEqualTo((int) (seed.value() & 0x7fffffffL));
  }
}
