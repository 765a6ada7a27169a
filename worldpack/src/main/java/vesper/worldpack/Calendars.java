package vesper.worldpack;

import java.util.List;
import java.util.stream.IntStream;
import vesper.pack.v1.Calendar;
import vesper.pack.v1.Month;
import vesper.pack.v1.Phase;
import vesper.pack.v1.PhaseSpan;
import vesper.pack.v1.Season;

/// The calendar of a world whose pack does not give one: a year of 336 days.
final class Calendars {
  private static final List<Month> MONTHS =
      IntStream.rangeClosed(1, 12)
          .mapToObj(n -> Month.newBuilder().setName("Month " + n).setDays(28).build())
          .toList();
  private static final List<String> WEEKDAYS =
      List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");
  private static final List<Season> SEASONS =
      List.of(
          season("spring", 1, 3),
          season("summer", 4, 6),
          season("fall", 7, 9),
          season("winter", 10, 12));
  private static final List<PhaseSpan> PHASES =
      List.of(
          phase(Phase.PHASE_DAWN, "05:00", "07:00"),
          phase(Phase.PHASE_DAY, "07:00", "18:00"),
          phase(Phase.PHASE_DUSK, "18:00", "20:00"),
          phase(Phase.PHASE_NIGHT, "20:00", "05:00"));
  private static final List<String> MOON =
      List.of(
          "a new moon",
          "a young crescent moon",
          "a growing half moon",
          "a swelling moon",
          "a full moon",
          "a shrinking moon",
          "a waning half moon",
          "an old crescent moon");

  private Calendars() {}

  /// Returns the calendar with every list that is absent filled in, and every message present.
  static Calendar withDefaults(Calendar given) {
    var calendar = given.toBuilder();
    calendar.getRateBuilder();
    if (calendar.getMonthsCount() == 0) {
      calendar.addAllMonths(MONTHS);
    }
    if (calendar.getWeekdaysCount() == 0) {
      calendar.addAllWeekdays(WEEKDAYS);
    }
    if (calendar.getSeasonsCount() == 0) {
      calendar.addAllSeasons(SEASONS);
    }
    if (calendar.getPhasesCount() == 0) {
      calendar.addAllPhases(PHASES);
    }
    if (calendar.getMoon().getPhaseNamesCount() == 0) {
      calendar.getMoonBuilder().addAllPhaseNames(MOON);
    }
    return calendar.build();
  }

  private static Season season(String id, int first, int last) {
    return Season.newBuilder()
        .setId(id)
        .setName(id)
        .setFirstMonth(first)
        .setLastMonth(last)
        .build();
  }

  private static PhaseSpan phase(Phase phase, String from, String to) {
    return PhaseSpan.newBuilder().setPhase(phase).setFrom(from).setTo(to).build();
  }
}
