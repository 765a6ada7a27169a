package vesper.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.OptionalDouble;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImportanceTest {
  @ParameterizedTest
  @CsvSource({
    "MINOR, 3, .2, true, .5186",
    "ELITE, 10, .5, false, .5786",
    "MAJOR, 2, .2, true, .8257",
    "MAJOR, 40, 0, false, .4500",
    "AMBIENT, 0, 1, true, .5500",
    "MAJOR, 0, 1, true, 1",
    "AMBIENT, 35, 0, false, 0",
  })
  void golden(Rank rank, double distance, double tension, boolean addressed, double expected) {
    assertThat(Importance.of(rank, OptionalDouble.of(distance), tension, addressed).value())
        .isEqualTo(expected);
  }

  @Test
  void unknownDistance_isFar() {
    assertThat(Importance.of(Rank.ELITE, OptionalDouble.empty(), .5, true))
        .isEqualTo(Importance.of(Rank.ELITE, OptionalDouble.of(35), .5, true));
  }

  @Test
  void halves_areRoundedUp() {
    assertThat(Importance.of(Rank.AMBIENT, OptionalDouble.empty(), .00025, false).tenThousandths())
        .isEqualTo(1);
    assertThat(Importance.of(Rank.AMBIENT, OptionalDouble.empty(), .00024, false).tenThousandths())
        .isZero();
    assertThatIllegalArgumentException().isThrownBy(() -> new Importance(10_001));
    assertThatIllegalArgumentException().isThrownBy(() -> new Importance(-1));
  }

  @Property
  void importance_growsWithEachOfItsParts(
      @ForAll Rank rank,
      @ForAll @DoubleRange(max = 100) double distance,
      @ForAll @DoubleRange(max = 1) double tension) {
    int value = at(rank, distance, tension, false);
    assertThat(at(Rank.MAJOR, distance, tension, false)).isGreaterThanOrEqualTo(value);
    assertThat(at(rank, distance / 2, tension, false)).isGreaterThanOrEqualTo(value);
    assertThat(at(rank, distance, (1 + tension) / 2, false)).isGreaterThanOrEqualTo(value);
    assertThat(at(rank, distance, tension, true)).isGreaterThanOrEqualTo(value);
  }

  private static int at(Rank rank, double distance, double tension, boolean addressed) {
    return Importance.of(rank, OptionalDouble.of(distance), tension, addressed).tenThousandths();
  }
}
