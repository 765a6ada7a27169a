package vesper.time;

import java.util.List;

/// What a world's calendar is made of.
///
/// @param months in order of the year, which has no leap days
/// @param weekdays names of the days of the week; the world's first day is the first of them
/// @param seasons runs of months; each month is in exactly one
/// @param phases of the day; each minute is in exactly one
/// @param solarAmplitude minutes between the earliest and the latest dawn of a year
/// @param moonPeriod game seconds from new moon to new moon
/// @param moonOffset game time of a new moon
record CalendarRules(
    List<Month> months,
    List<String> weekdays,
    List<SeasonRule> seasons,
    List<PhaseRule> phases,
    int solarAmplitude,
    long moonPeriod,
    long moonOffset) {
  CalendarRules {
    months = List.copyOf(months);
    weekdays = List.copyOf(weekdays);
    seasons = List.copyOf(seasons);
    phases = List.copyOf(phases);
  }

  /// A month and its length in days.
  record Month(String name, int days) {}

  /// The months of a season, from 1 and inclusive; a first month after the last one spans the new
  /// year.
  record SeasonRule(String id, String name, int firstMonth, int lastMonth) {}

  /// A phase and the minutes of the day at which it begins and, exclusively, ends.
  record PhaseRule(DayPhase phase, int fromMinute, int toMinute) {}
}
