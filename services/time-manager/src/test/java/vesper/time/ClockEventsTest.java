package vesper.time;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vesper.time.Boundary.Kind;

class ClockEventsTest {
  private static final long YEAR = 336 * 86_400L;
  private final WorldClock world = Worlds.standard("town");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          YEAR   |        0 | year: 2
          SEASON |  7257600 | season { id: "summer" name: "Summer" }
          DAY    |    86400 | date { year: 2 month: 1 day: 2 weekday: 2 month_name: "Month 1" weekday_name: "Day 2" }
          MOON   |  1077300 | phase: MOON_PHASE_WANING_CRESCENT
          PHASE  |    18000 | phase: PHASE_DAWN
          PHASE  |    25200 | phase: PHASE_DAY
          PHASE  |    64800 | phase: PHASE_DUSK
          PHASE  |    72000 | phase: PHASE_NIGHT
          HOUR   |    82800 | hour: 23 day_part: DAY_PART_MIDNIGHT
          HOUR   |    39600 | hour: 11 day_part: DAY_PART_NOON
          """)
  void boundary_tellsWhatBegins(Kind kind, long intoYear, String fields) {
    long at = YEAR + intoYear;
    assertThat(
            TextFormat.printer()
                .emittingSingleLine(true)
                .printToString(ClockEvents.of(world, new Boundary(kind, at)))
                .strip())
        .isEqualTo("world_id: \"town\" game_seconds: " + at + " " + fields);
  }
}
