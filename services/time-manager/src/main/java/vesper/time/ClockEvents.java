package vesper.time;

import com.google.protobuf.Message;
import java.util.Optional;
import java.util.TreeSet;
import vesper.time.Announcement.Gap;
import vesper.time.v1.DayChanged;
import vesper.time.v1.HourChanged;
import vesper.time.v1.MoonPhaseChanged;
import vesper.time.v1.Paused;
import vesper.time.v1.PhaseChanged;
import vesper.time.v1.RateChanged;
import vesper.time.v1.Resumed;
import vesper.time.v1.SeasonChanged;
import vesper.time.v1.Skipped;
import vesper.time.v1.YearChanged;

/// What is published about clocks.
final class ClockEvents {
  /// Returns the event that tells an announcement.
  static Message of(WorldClock world, Announcement announcement) {
    return switch (announcement) {
      case Boundary boundary -> of(world, boundary);
      case Gap gap -> of(world, gap);
    };
  }

  /// Returns the event that tells a change of a clock; empty when only a reason of several for a
  /// pause has changed, or nothing.
  static Optional<Message> between(WorldClock world, Clock before, Clock after) {
    if (!after.rate().equals(before.rate())) {
      return Optional.of(
          RateChanged.newBuilder()
              .setWorldId(world.world())
              .setGameSeconds(after.gameSeconds())
              .setRate(TimeMessages.rate(after.rate()))
              .build());
    }
    if (after.paused() == before.paused()) {
      return Optional.empty();
    }
    return Optional.of(
        after.paused()
            ? Paused.newBuilder()
                .setWorldId(world.world())
                .setGameSeconds(after.gameSeconds())
                .setReason(after.pauses().first())
                .build()
            : Resumed.newBuilder()
                .setWorldId(world.world())
                .setGameSeconds(after.gameSeconds())
                .build());
  }

  private static Message of(WorldClock world, Boundary boundary) {
    String id = world.world();
    GameCalendar calendar = world.calendar();
    long at = boundary.gameSeconds();
    return switch (boundary.kind()) {
      case YEAR ->
          YearChanged.newBuilder()
              .setWorldId(id)
              .setGameSeconds(at)
              .setYear(calendar.date(at).year())
              .build();
      case SEASON ->
          SeasonChanged.newBuilder()
              .setWorldId(id)
              .setGameSeconds(at)
              .setSeason(TimeMessages.season(calendar.season(at)))
              .build();
      case DAY ->
          DayChanged.newBuilder()
              .setWorldId(id)
              .setGameSeconds(at)
              .setDate(TimeMessages.date(calendar, at))
              .build();
      case MOON ->
          MoonPhaseChanged.newBuilder()
              .setWorldId(id)
              .setGameSeconds(at)
              .setPhase(TimeMessages.moonPhase(calendar.moon(at)))
              .build();
      case PHASE ->
          PhaseChanged.newBuilder()
              .setWorldId(id)
              .setGameSeconds(at)
              .setPhase(TimeMessages.phase(calendar.phase(at)))
              .build();
      case HOUR ->
          HourChanged.newBuilder()
              .setWorldId(id)
              .setGameSeconds(at)
              .setHour(calendar.date(at).hour())
              .setDayPart(TimeMessages.dayPart(calendar.partOfDay(at)))
              .build();
    };
  }

  private static Message of(WorldClock world, Gap gap) {
    Skipped.Builder skipped =
        Skipped.newBuilder()
            .setWorldId(world.world())
            .setFromGameSeconds(gap.after())
            .setToGameSeconds(gap.upTo())
            .setCount(gap.count());
    new TreeSet<>(gap.kinds()).forEach(kind -> skipped.addKinds(TimeMessages.kind(kind)));
    return skipped.build();
  }

  private ClockEvents() {}
}
