package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import vesper.testing.TestClock;

class IdsTest {
  private final TestClock clock = TestClock.create();

  @Test
  void next_isAUuidOfVersion7WithTheTimeInFront() {
    String id = Ids.random(clock).next();

    UUID uuid = UUID.fromString(id);
    assertThat(uuid.version()).isEqualTo(7);
    assertThat(uuid.variant()).isEqualTo(2);
    assertThat(uuid.getMostSignificantBits() >>> 16).isEqualTo(clock.millis());
    assertThat(id).isLowerCase();
  }

  @Test
  void next_sameSeed_repeats() {
    assertThat(ten(Ids.seeded(7, clock)))
        .isEqualTo(ten(Ids.seeded(7, clock)))
        .doesNotHaveDuplicates();
    assertThat(ten(Ids.seeded(8, clock))).isNotEqualTo(ten(Ids.seeded(7, clock)));
  }

  @Test
  void next_later_sortsLater() {
    Ids ids = Ids.random(clock);
    String first = ids.next();
    clock.advance(Duration.ofMillis(1));

    assertThat(ids.next()).isGreaterThan(first);
  }

  private static List<String> ten(Ids ids) {
    return Stream.generate(ids::next).limit(10).toList();
  }
}
