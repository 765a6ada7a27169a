package vesper.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TestClockTest {
  private final TestClock clock = TestClock.create();

  @Test
  void instant_untouched_standsStill() {
    assertThat(clock.instant()).isEqualTo(TestClock.START).isEqualTo(clock.instant());
    assertThat(clock.millis()).isEqualTo(TestClock.START.toEpochMilli());
  }

  @Test
  void advance_movesByTheDuration() {
    assertThat(clock.advance(Duration.ofMinutes(90)))
        .isEqualTo(clock.instant())
        .isEqualTo(TestClock.START.plusSeconds(5400));
    clock.advance(Duration.ofMinutes(-90));
    assertThat(clock.instant()).isEqualTo(TestClock.START);
  }

  @Test
  void set_movesThere() {
    Instant night = Instant.parse("1987-10-31T23:00:00Z");
    clock.set(night);
    assertThat(clock.instant()).isEqualTo(night);
    assertThat(TestClock.at(night)).hasToString("TestClock at 1987-10-31T23:00:00Z");
  }
}
