package vesper.time;

import java.time.LocalTime;
import java.util.List;
import vesper.pack.v1.Calendar;
import vesper.pack.v1.Phase;
import vesper.pack.v1.PhaseSpan;
import vesper.time.CalendarRules.Month;
import vesper.time.CalendarRules.PhaseRule;
import vesper.time.CalendarRules.SeasonRule;

/// Reads the calendar of a world pack.
final class PackCalendar {
  /// Returns the rules of a calendar that the pack's validator has passed.
  static CalendarRules rules(Calendar calendar) {
    return new CalendarRules(
        calendar.getMonthsList().stream()
            .map(month -> new Month(month.getName(), month.getDays()))
            .toList(),
        calendar.getWeekdaysList(),
        calendar.getSeasonsList().stream()
            .map(season ->
                new SeasonRule(
                    season.getId(),
                    season.getName(),
                    season.getFirstMonth(),
                    season.getLastMonth()))
            .toList(),
        phases(calendar.getPhasesList()),
        calendar.getSolarAmplitude(),
        calendar.getMoon().getPeriodSeconds(),
        calendar.getMoon().getOffsetSeconds());
  }

  static WorldClock.Start start(Calendar calendar) {
    return new WorldClock.Start(
        calendar.getStartGameSeconds(),
        new ClockRate(calendar.getRate().getNumerator(), calendar.getRate().getDenominator()));
  }

  /// A phase that ends when it begins has no time, and is left out.
  private static List<PhaseRule> phases(List<PhaseSpan> spans) {
    return spans.stream()
        .filter(span -> !span.getFrom().equals(span.getTo()))
        .map(span ->
            new PhaseRule(phase(span.getPhase()), minute(span.getFrom()), minute(span.getTo())))
        .toList();
  }

  private static int minute(String time) {
    return LocalTime.parse(time).toSecondOfDay() / 60;
  }

  private static DayPhase phase(Phase phase) {
    return switch (phase) {
      case PHASE_DAWN -> DayPhase.DAWN;
      case PHASE_DAY -> DayPhase.DAY;
      case PHASE_DUSK -> DayPhase.DUSK;
      case PHASE_NIGHT -> DayPhase.NIGHT;
      case PHASE_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("A phase without a name");
    };
  }

  private PackCalendar() {}
}
