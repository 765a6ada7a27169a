package vesper.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static vesper.memory.Importance.Happening.PROMISE;
import static vesper.memory.Importance.Happening.THREAT_TO_LIFE;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vesper.memory.Importance.Happening;

class ImportanceTest {

  private static final Importance USUAL = new Importance(Map.of());

  @ParameterizedTest
  @CsvSource({
    "WEATHER, 1",
    "GREETING, 2",
    "TRADE, 3",
    "INSULT, 5",
    "PROMISE, 6",
    "BETRAYAL, 8",
    "DEATH_OF_ALLY, 9",
    "THREAT_TO_LIFE, 10",
    "TALK, 1",
    "CONFIDENCE, 4"
  })
  void of_usualTable(Happening happening, int expected) {
    assertThat(USUAL.of(happening, false)).isEqualTo(expected);
  }

  @Test
  void of_playerInvolved_isOneMoreAndTenAtMost() {
    assertThat(USUAL.of(PROMISE, true)).isEqualTo(7);
    assertThat(USUAL.of(THREAT_TO_LIFE, true)).isEqualTo(10);
  }

  @Test
  void of_pointsOfTheWorld_win() {
    assertThat(new Importance(Map.of(PROMISE, 9)).of(PROMISE, false)).isEqualTo(9);
  }

  @Test
  void points_outOfRange_areRefused() {
    assertThatThrownBy(() -> new Importance(Map.of(PROMISE, 0)))
        .hasMessage("PROMISE must weigh 1 to 10, not 0");
    assertThatThrownBy(() -> new Importance(Map.of(PROMISE, 11)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
