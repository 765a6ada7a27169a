package vesper.npc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MomentTest {

  @ParameterizedTest
  @CsvSource({
    "9, 0, nine o'clock",
    "9, 4, a little past nine",
    "21, 8, a little past nine",
    "9, 11, some ten minutes past nine",
    "9, 15, a quarter past nine",
    "9, 17, a quarter past nine",
    "4, 20, getting on for half past four",
    "4, 26, almost half past four",
    "16, 30, half past four",
    "4, 34, a little after half past four",
    "4, 37, some way past half past four",
    "4, 43, a quarter to five",
    "4, 47, a quarter to five",
    "4, 49, getting on for five",
    "11, 55, almost noon",
    "11, 59, noon",
    "23, 59, midnight",
    "0, 1, midnight",
    "12, 31, half past noon",
    "0, 15, a quarter past midnight"
  })
  void clock(int hour, int minute, String words) {
    assertThat(Moment.clock(hour, minute)).isEqualTo(words);
  }

  @Test
  void clock_hasWordsForEveryMinute() {
    for (int minute = 0; minute < 24 * 60; minute++) {
      assertThat(Moment.clock(minute / 60, minute % 60)).isNotBlank();
    }
  }
}
