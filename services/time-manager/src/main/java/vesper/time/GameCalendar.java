package vesper.time;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import vesper.time.CalendarRules.Month;
import vesper.time.CalendarRules.PhaseRule;
import vesper.time.CalendarRules.SeasonRule;

/// Gives game seconds their names: date, season, phase of the day, moon. Second 0 is year 1, month
/// 1, day 1, 00:00.
///
/// Years, days, seasons, phases and the moon are [Cycle]s, so that what a moment is called, when
/// the next boundary comes and how many lie between two moments follow from the same numbers.
final class GameCalendar {
  private static final long MINUTE = 60;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;
  private static final int MINUTES_OF_DAY = 24 * 60;

  /// In the order in which they begin after a new moon, in the middle of which the cycle begins.
  private static final List<LunarPhase> MOONS =
      List.of(
          LunarPhase.WAXING_CRESCENT,
          LunarPhase.FIRST_QUARTER,
          LunarPhase.WAXING_GIBBOUS,
          LunarPhase.FULL,
          LunarPhase.WANING_GIBBOUS,
          LunarPhase.LAST_QUARTER,
          LunarPhase.WANING_CRESCENT,
          LunarPhase.NEW);

  private final CalendarRules rules;
  private final int daysOfYear;
  private final Cycle years;
  private final Cycle months;
  private final Cycle days = new Cycle(DAY, 0, 0);
  private final Cycle hours = new Cycle(HOUR, 0, 0);
  private final Cycle minutes = new Cycle(MINUTE, 0, 0);
  private final Cycle seasons;
  private final List<SeasonRule> seasonsInYear;
  private final Cycle phases;
  private final List<DayPhase> phasesInCycle;
  private final Cycle moon;

  /// Makes a calendar of rules that a world pack's validator has passed.
  ///
  /// @throws IllegalArgumentException when the sun's shift would bring phases out of their order
  GameCalendar(CalendarRules rules) {
    this.rules = rules;
    long[] monthStarts = new long[rules.months().size()];
    int day = 0;
    for (int i = 0; i < monthStarts.length; i++) {
      monthStarts[i] = day * DAY;
      day += rules.months().get(i).days();
    }
    daysOfYear = day;
    long year = day * DAY;
    years = new Cycle(year, 0, 0);
    months = new Cycle(year, 0, monthStarts);
    seasonsInYear =
        rules.seasons().stream().sorted(Comparator.comparingInt(SeasonRule::firstMonth)).toList();
    seasons =
        new Cycle(
            year,
            0,
            seasonsInYear.stream().mapToLong(s -> monthStarts[s.firstMonth() - 1]).toArray());
    List<PhaseStart> phaseStarts = phaseStarts();
    int phaseDays = rules.solarAmplitude() == 0 ? 1 : daysOfYear;
    long first = phaseStarts.getFirst().second();
    phases =
        new Cycle(
            phaseDays * DAY,
            first,
            phaseStarts.stream().mapToLong(start -> start.second() - first).toArray());
    phasesInCycle = phaseStarts.stream().map(PhaseStart::phase).toList();
    moon = new Cycle(rules.moonPeriod(), rules.moonOffset(), moonStarts());
  }

  CalendarRules rules() {
    return rules;
  }

  int daysOfYear() {
    return daysOfYear;
  }

  Month month(int number) {
    return rules.months().get(number - 1);
  }

  GameDate date(long gameSeconds) {
    long month = months.number(gameSeconds);
    long second = Math.floorMod(gameSeconds, DAY);
    return new GameDate(
        years.number(gameSeconds) + 1,
        months.place(month) + 1,
        (int) ((gameSeconds - months.start(month)) / DAY) + 1,
        (int) (second / HOUR),
        (int) (second % HOUR / MINUTE),
        (int) (second % MINUTE));
  }

  /// Returns the game seconds of a date that the calendar has.
  long gameSeconds(GameDate date) {
    long month = (date.year() - 1) * rules.months().size() + date.month() - 1;
    return months.start(month)
        + (date.day() - 1) * DAY
        + date.hour() * HOUR
        + date.minute() * MINUTE
        + date.second();
  }

  /// Returns the day of the week, from 1.
  int weekday(long gameSeconds) {
    return (int) Math.floorMod(days.number(gameSeconds), (long) rules.weekdays().size()) + 1;
  }

  SeasonRule season(long gameSeconds) {
    return seasonsInYear.get(seasons.place(seasons.number(gameSeconds)));
  }

  DayPhase phase(long gameSeconds) {
    return phasesInCycle.get(phases.place(phases.number(gameSeconds)));
  }

  PartOfDay partOfDay(long gameSeconds) {
    int minuteOfDay = (int) (Math.floorMod(gameSeconds, DAY) / MINUTE);
    return PartOfDay.of(phase(gameSeconds), minuteOfDay);
  }

  LunarPhase moon(long gameSeconds) {
    return MOONS.get(moon.place(moon.number(gameSeconds)));
  }

  /// Returns the lit part of the moon, 0 to 1.
  double moonLight(long gameSeconds) {
    long age = Math.floorMod(gameSeconds - rules.moonOffset(), rules.moonPeriod());
    return (1 - StrictMath.cos(2 * Math.PI * age / rules.moonPeriod())) / 2;
  }

  /// Returns the starts of a kind of boundary.
  Cycle cycle(Boundary.Kind kind) {
    return switch (kind) {
      case YEAR -> years;
      case SEASON -> seasons;
      case DAY -> days;
      case MOON -> moon;
      case PHASE -> phases;
      case HOUR -> hours;
    };
  }

  Cycle minutes() {
    return minutes;
  }

  private List<PhaseStart> phaseStarts() {
    List<PhaseRule> ofDay =
        rules.phases().stream().sorted(Comparator.comparingInt(PhaseRule::fromMinute)).toList();
    int cycleDays = rules.solarAmplitude() == 0 ? 1 : daysOfYear;
    List<PhaseStart> starts = new ArrayList<>(cycleDays * ofDay.size());
    for (int day = 0; day < cycleDays; day++) {
      int shift = solarShift(day);
      for (PhaseRule rule : ofDay) {
        int minute =
            switch (rule.phase()) {
              case DAWN, DAY -> rule.fromMinute() - shift;
              case DUSK, NIGHT -> rule.fromMinute() + shift;
            };
        long second = ((long) day * MINUTES_OF_DAY + minute) * MINUTE;
        if (!starts.isEmpty() && starts.getLast().second() >= second) {
          throw new IllegalArgumentException(
              "A solar amplitude of %d minutes brings %s of day %d before the phase it follows"
                  .formatted(rules.solarAmplitude(), rule.phase(), day + 1));
        }
        starts.add(new PhaseStart(rule.phase(), second));
      }
    }
    if (starts.getLast().second() >= starts.getFirst().second() + cycleDays * DAY) {
      throw new IllegalArgumentException("A solar amplitude brings phases of two years together");
    }
    return starts;
  }

  /// Minutes by which the sun rises earlier and sets later than in the mean, on a day from 0. The
  /// year's second quarter is its summer: the longest day is its middle, three eighths into the
  /// year.
  private int solarShift(int day) {
    double turn = (double) day / daysOfYear - 1.0 / 8;
    return (int) Math.round(rules.solarAmplitude() / 2.0 * StrictMath.sin(2 * Math.PI * turn));
  }

  /// An eighth begins a sixteenth of the period before its middle: the first whole second of it.
  private long[] moonStarts() {
    long[] starts = new long[MOONS.size()];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = Math.ceilDiv((2 * i + 1) * rules.moonPeriod(), 16);
    }
    return starts;
  }

  private record PhaseStart(DayPhase phase, long second) {}
}
