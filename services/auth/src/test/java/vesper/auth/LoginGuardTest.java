package vesper.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LoginGuardTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final LoginGuard GUARD =
      new LoginGuard(5, Duration.ofMinutes(15), Duration.ofMinutes(15));

  private static List<Instant> newestFirst(long... minutes) {
    return LongStream.of(minutes)
        .mapToObj(minute -> START.plus(Duration.ofMinutes(minute)))
        .toList()
        .reversed();
  }

  private static Instant minute(long minute) {
    return START.plus(Duration.ofMinutes(minute));
  }

  @Test
  void locks_afterFiveFailuresInTheWindow_forAQuarterOfAnHour() {
    List<Instant> failures = newestFirst(0, 1, 2, 3, 14);

    assertThat(GUARD.locks(failures, minute(14))).isTrue();
    assertThat(GUARD.locks(failures, minute(29).minusNanos(1))).isTrue();
    assertThat(GUARD.locks(failures, minute(29))).isFalse();
  }

  @Test
  void locks_withFewerOrSpreadFailures_isFalse() {
    assertThat(GUARD.locks(List.of(), START)).isFalse();
    assertThat(GUARD.locks(newestFirst(0, 1, 2, 3), minute(3))).isFalse();
    assertThat(GUARD.locks(newestFirst(0, 4, 8, 12, 15), minute(15))).isFalse();
  }

  @Property(tries = 300)
  void locks_neverMoreThanFiveGuessesAWindow(
      @ForAll @Size(max = 60) List<@LongRange(max = 600) Long> gapsInSeconds) {
    List<Instant> failures = new ArrayList<>();
    Instant now = START;
    for (long gap : gapsInSeconds) {
      now = now.plusSeconds(gap);
      if (!GUARD.locks(failures.reversed(), now)) {
        failures.add(now);
      }
    }
    for (int i = 5; i < failures.size(); i++) {
      assertThat(Duration.between(failures.get(i - 5), failures.get(i)))
          .isGreaterThanOrEqualTo(Duration.ofMinutes(15));
    }
  }
}
