package vesper.time;

/// A date and time of a calendar. All parts but those of the clock count from 1.
record GameDate(long year, int month, int day, int hour, int minute, int second) {}
