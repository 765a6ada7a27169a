package vesper.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class CycleTest {
  private static final long MOST = Clock.LAST_GAME_SECOND;
  private final Cycle cycle = new Cycle(100, 7, 0, 30, 99);

  @Test
  void number_countsFromTheFirstStartOfPeriodZero() {
    assertThat(cycle.number(7)).isZero();
    assertThat(cycle.number(6)).isEqualTo(-1);
    assertThat(cycle.number(36)).isZero();
    assertThat(cycle.number(37)).isEqualTo(1);
    assertThat(cycle.number(107)).isEqualTo(3);
    assertThat(cycle.place(-1)).isEqualTo(2);
  }

  @Test
  void number_beforeTheFirstStartOfAPeriod_isTheLastOfThePeriodBefore() {
    Cycle late = new Cycle(100, 0, 50);
    assertThat(late.number(49)).isEqualTo(-1);
    assertThat(late.start(-1)).isEqualTo(-50);
    assertThat(late.next(49)).isEqualTo(50);
  }

  @Test
  void startsThatDoNotRiseInThePeriod_areRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Cycle(100, 0, -1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Cycle(100, 0, 100));
    assertThatIllegalArgumentException().isThrownBy(() -> new Cycle(100, 0, 5, 5));
  }

  @Property
  void startOfANumber_hasThatNumber(@ForAll @LongRange(min = -MOST, max = MOST) long number) {
    long start = cycle.start(number);
    assertThat(cycle.number(start)).isEqualTo(number);
    assertThat(cycle.number(start - 1)).isEqualTo(number - 1);
    assertThat(cycle.next(start - 1)).isEqualTo(start);
    assertThat(cycle.count(start - 1, start)).isEqualTo(1);
  }
}
