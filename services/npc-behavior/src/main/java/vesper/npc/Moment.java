package vesper.npc;

import java.util.List;
import vesper.pack.v1.DayPart;
import vesper.pack.v1.Phase;

/// A moment of a world in the words of its people.
///
/// @param gameSeconds since the world's first instant
/// @param dayPart label of the hour
/// @param phase of the day
/// @param clock the hour, completing "It is …"
/// @param season name of the season
/// @param weekday name of the day of the week
/// @param moon name of the moon's phase, completing "under …"
record Moment(
    long gameSeconds,
    DayPart dayPart,
    Phase phase,
    String clock,
    String season,
    String weekday,
    String moon) {

  private static final List<String> HOURS =
      List.of(
          "midnight",
          "one",
          "two",
          "three",
          "four",
          "five",
          "six",
          "seven",
          "eight",
          "nine",
          "ten",
          "eleven",
          "noon");

  /// Returns a time of day as it is spoken: "a little past nine", "half past four".
  static String clock(int hour, int minute) {
    var now = hour(hour);
    var next = hour(hour + 1);
    return switch (minute / 5) {
      case 0 -> minute < 3 ? exact(now) : "a little past " + now;
      case 1 -> "a little past " + now;
      case 2 -> minute < 13 ? "some ten minutes past " + now : "a quarter past " + now;
      case 3 -> minute < 18 ? "a quarter past " + now : "getting on for half past " + now;
      case 4 -> "getting on for half past " + now;
      case 5 -> minute < 28 ? "almost half past " + now : "half past " + now;
      case 6 -> minute < 33 ? "half past " + now : "a little after half past " + now;
      case 7 -> "some way past half past " + now;
      case 8 -> minute < 43 ? "some way past half past " + now : "a quarter to " + next;
      case 9 -> minute < 48 ? "a quarter to " + next : "getting on for " + next;
      default -> minute < 58 ? "almost " + next : exact(next);
    };
  }

  private static String exact(String hour) {
    return hour.equals("noon") || hour.equals("midnight") ? hour : hour + " o'clock";
  }

  private static String hour(int hour) {
    int onClock = hour % 24;
    return HOURS.get(onClock <= 12 ? onClock : onClock - 12);
  }
}
