package vesper.time;

/// A phase of the day.
enum DayPhase {
  DAWN,
  DAY,
  DUSK,
  NIGHT
}
