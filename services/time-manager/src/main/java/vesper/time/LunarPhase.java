package vesper.time;

/// An eighth of the moon's cycle, in order from the new moon.
enum LunarPhase {
  NEW,
  WAXING_CRESCENT,
  FIRST_QUARTER,
  WAXING_GIBBOUS,
  FULL,
  WANING_GIBBOUS,
  LAST_QUARTER,
  WANING_CRESCENT
}
