package vesper.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ResumeTokenTest {
  private static final byte[] KEY = {1, 2, 3};
  private static final View VIEW = new View(Set.of("quay"), Set.of("look"), false);
  private static final ResumeToken.Sealer SEALER = new ResumeToken.Sealer(KEY, "w", VIEW);
  private static final ResumeToken TOKEN =
      new ResumeToken(42, Instant.parse("2026-01-01T00:00:00Z"));

  @Test
  void open_whatWasSealed_isTheToken() {
    assertThat(SEALER.open(SEALER.seal(TOKEN))).contains(TOKEN);
  }

  @Test
  void open_byAnother_isNothing() {
    String text = SEALER.seal(TOKEN);
    assertThat(new ResumeToken.Sealer(new byte[] {1, 2, 4}, "w", VIEW).open(text)).isEmpty();
    assertThat(new ResumeToken.Sealer(KEY, "v", VIEW).open(text)).isEmpty();
    View more = new View(Set.of("quay"), Set.of("look"), true);
    assertThat(new ResumeToken.Sealer(KEY, "w", more).open(text)).isEmpty();
    View other = new View(Set.of("look"), Set.of("quay"), false);
    assertThat(new ResumeToken.Sealer(KEY, "w", other).open(text)).isEmpty();
  }

  @Property
  void open_anyOtherText_isNothing(
      @ForAll @IntRange(min = 0, max = 31) int at, @ForAll @IntRange(min = 1, max = 255) int by) {
    byte[] bytes = Base64.getUrlDecoder().decode(SEALER.seal(TOKEN));
    bytes[at] ^= (byte) by;
    assertThat(SEALER.open(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)))
        .isEmpty();
  }

  @Property
  void open_anyText_neverThrows(@ForAll String text) {
    assertThat(SEALER.open(text)).isEmpty();
  }
}
