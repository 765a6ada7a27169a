package vesper.time;

import java.util.List;
import java.util.stream.IntStream;
import vesper.time.CalendarRules.Month;
import vesper.time.CalendarRules.PhaseRule;
import vesper.time.CalendarRules.SeasonRule;

/// Calendars to test with.
final class Calendars {
  /// Twelve months of 28 days, a week of seven, four seasons, a sun that does not move.
  static final CalendarRules STANDARD =
      new CalendarRules(
          IntStream.rangeClosed(1, 12).mapToObj(i -> new Month("Month " + i, 28)).toList(),
          IntStream.rangeClosed(1, 7).mapToObj(i -> "Day " + i).toList(),
          List.of(
              new SeasonRule("spring", "Spring", 1, 3),
              new SeasonRule("summer", "Summer", 4, 6),
              new SeasonRule("fall", "Fall", 7, 9),
              new SeasonRule("winter", "Winter", 10, 12)),
          List.of(
              new PhaseRule(DayPhase.DAWN, 5 * 60, 7 * 60),
              new PhaseRule(DayPhase.DAY, 7 * 60, 18 * 60),
              new PhaseRule(DayPhase.DUSK, 18 * 60, 20 * 60),
              new PhaseRule(DayPhase.NIGHT, 20 * 60, 5 * 60)),
          0,
          2_548_800,
          0);

  /// The same with a sun that moves by two hours each way.
  static final CalendarRules NORTHERN = withSolarAmplitude(STANDARD, 240);

  /// Uneven months, a season across the new year, a moon that is no multiple of 16 seconds.
  static final CalendarRules UNEVEN =
      new CalendarRules(
          List.of(
              new Month("Thaw", 31),
              new Month("Rain", 1),
              new Month("Sun", 90),
              new Month("Ice", 7)),
          List.of("Work", "Work again", "Rest"),
          List.of(new SeasonRule("wet", "Wet", 2, 2), new SeasonRule("dry", "Dry", 3, 1)),
          List.of(
              new PhaseRule(DayPhase.NIGHT, 0, 6 * 60 + 30),
              new PhaseRule(DayPhase.DAY, 6 * 60 + 30, 24 * 60)),
          90,
          1_000_003,
          -12_345);

  static CalendarRules withSolarAmplitude(CalendarRules rules, int minutes) {
    return new CalendarRules(
        rules.months(),
        rules.weekdays(),
        rules.seasons(),
        rules.phases(),
        minutes,
        rules.moonPeriod(),
        rules.moonOffset());
  }

  private Calendars() {}
}
