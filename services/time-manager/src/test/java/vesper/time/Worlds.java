package vesper.time;

/// Worlds to test with.
final class Worlds {
  static final long SEVEN = 25_200;

  /// A world with the standard calendar that starts at 07:00 and runs at 60.
  static WorldClock standard(String name) {
    GameCalendar calendar = new GameCalendar(Calendars.STANDARD);
    return new WorldClock(
        name,
        calendar,
        new Boundaries(calendar, 48 * 3_600),
        new WorldClock.Start(SEVEN, new ClockRate(60, 1)));
  }

  private Worlds() {}
}
