package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import vesper.testing.TestClock;

class HysteresisTest {
  private final TestClock clock = TestClock.create();
  private final HealthSettings settings =
      Config.of(Map.of()).read("runtime.health", HealthSettings.class);
  private final Hysteresis hysteresis = new Hysteresis(settings);

  @Test
  void update_firstSuccess_countsAtOnce() {
    assertThat(see(false)).isFalse();
    assertThat(see(true)).isTrue();
  }

  @Test
  void update_failureOfFiveSeconds_turnsOff() {
    see(true);
    assertThat(see(false)).isTrue();
    clock.advance(Duration.ofMillis(4_999));
    assertThat(see(false)).isTrue();
    clock.advance(Duration.ofMillis(1));
    assertThat(see(false)).isFalse();
  }

  @Test
  void update_successOfThreeSecondsAfterAnOutage_turnsOn() {
    see(true);
    see(false);
    clock.advance(settings.failure());
    see(false);
    assertThat(see(true)).isFalse();
    clock.advance(Duration.ofMillis(2_999));
    assertThat(see(true)).isFalse();
    clock.advance(Duration.ofMillis(1));
    assertThat(see(true)).isTrue();
  }

  @Test
  void update_flapsEveryTwoSecondsForFiveMinutes_changesNothing() {
    see(true);
    for (int second = 0; second < 300; second++) {
      clock.advance(Duration.ofSeconds(1));
      assertThat(see(second % 4 < 2)).isTrue();
    }
  }

  /// The verdict never changes twice within the shorter of the two times.
  @Property
  void update_anySignal_changesSlowly(@ForAll @Size(max = 200) List<Boolean> signals) {
    Instant changed = Instant.MIN;
    boolean verdict = see(true);
    for (boolean signal : signals) {
      clock.advance(Duration.ofMillis(500));
      boolean next = see(signal);
      if (next != verdict) {
        assertThat(changed).isBeforeOrEqualTo(clock.instant().minus(settings.success()));
        changed = clock.instant();
        verdict = next;
      }
    }
  }

  private boolean see(boolean signal) {
    return hysteresis.update(signal, clock.instant());
  }
}
