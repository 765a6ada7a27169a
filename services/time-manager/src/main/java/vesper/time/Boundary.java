package vesper.time;

/// The exact moment at which an hour, a phase, a day … begins.
record Boundary(Kind kind, long gameSeconds) implements Announcement {
  /// What begins, in the order in which it is announced when several begin at one moment.
  enum Kind {
    YEAR,
    SEASON,
    DAY,
    MOON,
    PHASE,
    HOUR
  }
}
