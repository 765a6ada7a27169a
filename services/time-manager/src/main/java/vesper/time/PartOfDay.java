package vesper.time;

/// A finer label of the hour, for people.
enum PartOfDay {
  DAWN,
  MORNING,
  NOON,
  AFTERNOON,
  DUSK,
  NIGHT,
  MIDNIGHT;

  private static final int HOUR = 60;

  /// Returns the label of a minute of the day within a phase.
  static PartOfDay of(DayPhase phase, int minuteOfDay) {
    return switch (phase) {
      case DAWN -> DAWN;
      case DUSK -> DUSK;
      case NIGHT -> minuteOfDay >= 23 * HOUR || minuteOfDay < 2 * HOUR ? MIDNIGHT : NIGHT;
      case DAY -> {
        if (minuteOfDay < 11 * HOUR) {
          yield MORNING;
        }
        yield minuteOfDay < 14 * HOUR ? NOON : AFTERNOON;
      }
    };
  }
}
