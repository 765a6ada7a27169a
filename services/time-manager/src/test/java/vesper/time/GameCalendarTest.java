package vesper.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vesper.time.CalendarRules.PhaseRule;

class GameCalendarTest {
  private static final long DAY = 86_400;
  private static final GameCalendar STANDARD = new GameCalendar(Calendars.STANDARD);
  private static final GameCalendar NORTHERN = new GameCalendar(Calendars.NORTHERN);
  private static final GameCalendar UNEVEN = new GameCalendar(Calendars.UNEVEN);
  private static final List<LunarPhase> MOONS = List.of(LunarPhase.values());

  @Test
  void date_ofTheFirstSecond() {
    assertThat(STANDARD.date(0)).isEqualTo(new GameDate(1, 1, 1, 0, 0, 0));
    assertThat(STANDARD.weekday(0)).isEqualTo(1);
  }

  @Test
  void date_ofTheLastSecondOfAYear() {
    assertThat(STANDARD.date(29_030_399)).isEqualTo(new GameDate(1, 12, 28, 23, 59, 59));
    assertThat(STANDARD.season(29_030_399).id()).isEqualTo("winter");
  }

  @Test
  void date_farAhead() {
    assertThat(STANDARD.date(1_234_567_890)).isEqualTo(new GameDate(43, 7, 9, 23, 31, 30));
    assertThat(STANDARD.weekday(1_234_567_890)).isEqualTo(2);
    assertThat(STANDARD.season(1_234_567_890).id()).isEqualTo("fall");
  }

  @ParameterizedTest
  @CsvSource({
    "04:59:59, NIGHT, NIGHT",
    "05:00:00, DAWN, DAWN",
    "07:00:00, DAY, MORNING",
    "10:59:59, DAY, MORNING",
    "11:00:00, DAY, NOON",
    "14:00:00, DAY, AFTERNOON",
    "17:59:59, DAY, AFTERNOON",
    "18:00:00, DUSK, DUSK",
    "20:00:00, NIGHT, NIGHT",
    "22:59:59, NIGHT, NIGHT",
    "23:00:00, NIGHT, MIDNIGHT",
    "00:00:00, NIGHT, MIDNIGHT",
    "01:59:59, NIGHT, MIDNIGHT",
    "02:00:00, NIGHT, NIGHT"
  })
  void phaseAndPart_ofAnHour(String time, DayPhase phase, PartOfDay part) {
    long seconds = 3 * DAY + java.time.LocalTime.parse(time).toSecondOfDay();
    assertThat(STANDARD.phase(seconds)).isEqualTo(phase);
    assertThat(STANDARD.partOfDay(seconds)).isEqualTo(part);
  }

  @ParameterizedTest
  @CsvSource({"0, NEW, 0", "7, FIRST_QUARTER, .460", "15, FULL, .999", "22, LAST_QUARTER, .513"})
  void moon_ofADay(long day, LunarPhase phase, double light) {
    assertThat(STANDARD.moon(day * DAY)).isEqualTo(phase);
    assertThat(STANDARD.moonLight(day * DAY)).isEqualTo(light, within(.0005));
  }

  /// Counted from 0, day 42 is the equinox of spring and day 126 the longest day.
  @ParameterizedTest
  @CsvSource({
    "42, 05:00, 07:00, 18:00, 20:00",
    "126, 03:00, 05:00, 20:00, 22:00",
    "210, 05:00, 07:00, 18:00, 20:00",
    "294, 07:00, 09:00, 16:00, 18:00"
  })
  void phases_moveWithTheSun(long day, String dawn, String morning, String dusk, String night) {
    for (long year = 0; year < 3; year++) {
      long midnight = (year * 336 + day) * DAY;
      assertPhaseStarts(midnight, dawn, DayPhase.DAWN);
      assertPhaseStarts(midnight, morning, DayPhase.DAY);
      assertPhaseStarts(midnight, dusk, DayPhase.DUSK);
      assertPhaseStarts(midnight, night, DayPhase.NIGHT);
    }
  }

  private static void assertPhaseStarts(long midnight, String time, DayPhase phase) {
    long at = midnight + java.time.LocalTime.parse(time).toSecondOfDay();
    assertThat(NORTHERN.phase(at)).isEqualTo(phase);
    assertThat(NORTHERN.phase(at - 1)).isNotEqualTo(phase);
  }

  @Test
  void season_acrossTheNewYear() {
    long year = UNEVEN.daysOfYear() * DAY;
    assertThat(UNEVEN.season(0).id()).isEqualTo("dry");
    assertThat(UNEVEN.season(31 * DAY).id()).isEqualTo("wet");
    assertThat(UNEVEN.season(32 * DAY).id()).isEqualTo("dry");
    assertThat(UNEVEN.season(5 * year).id()).isEqualTo("dry");
  }

  @Test
  void phases_broughtOutOfOrderByTheSun_areRefused() {
    CalendarRules shortDay =
        new CalendarRules(
            Calendars.STANDARD.months(),
            Calendars.STANDARD.weekdays(),
            Calendars.STANDARD.seasons(),
            List.of(
                new PhaseRule(DayPhase.DAY, 10 * 60, 11 * 60),
                new PhaseRule(DayPhase.NIGHT, 11 * 60, 10 * 60)),
            240,
            Calendars.STANDARD.moonPeriod(),
            0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GameCalendar(shortDay))
        .withMessageContaining("240 minutes");
  }

  @Property
  void date_comesBackAsTheSameSecond(
      @ForAll("calendars") GameCalendar calendar,
      @ForAll @LongRange(min = 0, max = Clock.LAST_GAME_SECOND) long seconds) {
    GameDate date = calendar.date(seconds);
    assertThat(calendar.gameSeconds(date)).isEqualTo(seconds);
    assertThat(date.month()).isBetween(1, calendar.rules().months().size());
    assertThat(date.day()).isBetween(1, calendar.month(date.month()).days());
    assertThat(date.hour()).isBetween(0, 23);
    assertThat(date.minute()).isBetween(0, 59);
    assertThat(date.second()).isBetween(0, 59);
  }

  /// Month, season, phase and moon as the rules define them, computed without cycles.
  @Property
  void names_followTheRules(
      @ForAll("calendars") GameCalendar calendar,
      @ForAll @LongRange(min = 0, max = Clock.LAST_GAME_SECOND) long seconds) {
    CalendarRules rules = calendar.rules();
    int month = calendar.date(seconds).month();
    CalendarRules.SeasonRule season = calendar.season(seconds);
    boolean spans = season.firstMonth() > season.lastMonth();
    boolean notBefore = month >= season.firstMonth();
    boolean notAfter = month <= season.lastMonth();
    assertThat(spans ? notBefore || notAfter : notBefore && notAfter).isTrue();

    long age = Math.floorMod(seconds - rules.moonOffset(), rules.moonPeriod());
    int eighth = (int) Math.floor(8.0 * age / rules.moonPeriod() + .5) % 8;
    assertThat(calendar.moon(seconds)).isEqualTo(MOONS.get(eighth));

    assertThat(calendar.weekday(seconds)).isEqualTo(seconds / DAY % rules.weekdays().size() + 1);
  }

  @Provide
  Arbitrary<GameCalendar> calendars() {
    return Arbitraries.of(STANDARD, NORTHERN, UNEVEN);
  }
}
