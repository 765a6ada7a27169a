package vesper.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MarkTest {
  private static final byte[] SECRET = "secret".getBytes(StandardCharsets.UTF_8);

  @Test
  @Tag("AI-5")
  void of_isTheBeginningOfAnHmac() {
    // printf '\0\0\0\0\0\0\0\1' | openssl dgst -sha256 -hmac secret
    assertThat(Mark.of(SECRET, 1).text()).isEqualTo("3be7bf5eaadba158");
  }

  @Property
  void of_dependsOnSeedAndSecret(@ForAll long seed) {
    assertThat(Mark.of(SECRET, seed)).isEqualTo(Mark.of(SECRET, seed));
    assertThat(Mark.of(SECRET, seed)).isNotEqualTo(Mark.of(SECRET, seed + 1));
    assertThat(Mark.of(SECRET, seed)).isNotEqualTo(Mark.of(new byte[] {1}, seed));
  }
}
