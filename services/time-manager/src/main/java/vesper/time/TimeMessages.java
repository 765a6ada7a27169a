package vesper.time;

import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.util.Optional;
import vesper.time.CalendarRules.PhaseRule;
import vesper.time.CalendarRules.SeasonRule;
import vesper.time.v1.BoundaryKind;
import vesper.time.v1.Calendar;
import vesper.time.v1.CalendarDate;
import vesper.time.v1.ClockState;
import vesper.time.v1.DayPart;
import vesper.time.v1.GameTime;
import vesper.time.v1.Month;
import vesper.time.v1.Moon;
import vesper.time.v1.MoonPhase;
import vesper.time.v1.Phase;
import vesper.time.v1.PhaseSpan;
import vesper.time.v1.Rate;
import vesper.time.v1.Season;
import vesper.time.v1.SeasonSpan;

/// Clocks and calendars as the contracts write them.
final class TimeMessages {
  static GameTime gameTime(
      WorldClock world, Clock clock, long gameSeconds, Optional<Instant> realTime) {
    GameCalendar calendar = world.calendar();
    GameTime.Builder time =
        GameTime.newBuilder()
            .setWorldId(world.world())
            .setGameSeconds(gameSeconds)
            .setDate(date(calendar, gameSeconds))
            .setSeason(season(calendar.season(gameSeconds)))
            .setPhase(phase(calendar.phase(gameSeconds)))
            .setDayPart(dayPart(calendar.partOfDay(gameSeconds)))
            .setMoon(
                Moon.newBuilder()
                    .setPhase(moonPhase(calendar.moon(gameSeconds)))
                    .setLight(calendar.moonLight(gameSeconds)))
            .setClock(
                ClockState.newBuilder()
                    .setRate(rate(clock.rate()))
                    .setPaused(clock.paused())
                    .addAllPauseReasons(clock.pauses())
                    .setVersion(clock.version()));
    realTime.map(TimeMessages::timestamp).ifPresent(time::setRealTime);
    return time.build();
  }

  static CalendarDate date(GameCalendar calendar, long gameSeconds) {
    GameDate date = calendar.date(gameSeconds);
    int weekday = calendar.weekday(gameSeconds);
    return CalendarDate.newBuilder()
        .setYear(date.year())
        .setMonth(date.month())
        .setDay(date.day())
        .setHour(date.hour())
        .setMinute(date.minute())
        .setSecond(date.second())
        .setWeekday(weekday)
        .setMonthName(calendar.month(date.month()).name())
        .setWeekdayName(calendar.rules().weekdays().get(weekday - 1))
        .build();
  }

  static GameDate date(CalendarDate date) {
    return new GameDate(
        date.getYear(),
        date.getMonth(),
        date.getDay(),
        date.getHour(),
        date.getMinute(),
        date.getSecond());
  }

  static Calendar calendar(WorldClock world) {
    CalendarRules rules = world.calendar().rules();
    Calendar.Builder calendar =
        Calendar.newBuilder()
            .setWorldId(world.world())
            .addAllWeekdays(rules.weekdays())
            .setDaysPerYear(world.calendar().daysOfYear())
            .setSolarAmplitudeMinutes(rules.solarAmplitude())
            .setMoonPeriodSeconds(rules.moonPeriod());
    for (CalendarRules.Month month : rules.months()) {
      calendar.addMonths(Month.newBuilder().setName(month.name()).setDays(month.days()));
    }
    for (SeasonRule season : rules.seasons()) {
      calendar.addSeasons(
          SeasonSpan.newBuilder()
              .setSeason(season(season))
              .setFirstMonth(season.firstMonth())
              .setLastMonth(season.lastMonth()));
    }
    for (PhaseRule phase : rules.phases()) {
      calendar.addPhases(
          PhaseSpan.newBuilder()
              .setPhase(phase(phase.phase()))
              .setFromMinute(phase.fromMinute())
              .setToMinute(phase.toMinute()));
    }
    return calendar.build();
  }

  static Season season(SeasonRule season) {
    return Season.newBuilder().setId(season.id()).setName(season.name()).build();
  }

  static Rate rate(ClockRate rate) {
    return Rate.newBuilder()
        .setNumerator(rate.gameSeconds())
        .setDenominator(rate.realSeconds())
        .build();
  }

  static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  static Phase phase(DayPhase phase) {
    return switch (phase) {
      case DAWN -> Phase.PHASE_DAWN;
      case DAY -> Phase.PHASE_DAY;
      case DUSK -> Phase.PHASE_DUSK;
      case NIGHT -> Phase.PHASE_NIGHT;
    };
  }

  static DayPart dayPart(PartOfDay part) {
    return switch (part) {
      case DAWN -> DayPart.DAY_PART_DAWN;
      case MORNING -> DayPart.DAY_PART_MORNING;
      case NOON -> DayPart.DAY_PART_NOON;
      case AFTERNOON -> DayPart.DAY_PART_AFTERNOON;
      case DUSK -> DayPart.DAY_PART_DUSK;
      case NIGHT -> DayPart.DAY_PART_NIGHT;
      case MIDNIGHT -> DayPart.DAY_PART_MIDNIGHT;
    };
  }

  static MoonPhase moonPhase(LunarPhase phase) {
    return switch (phase) {
      case NEW -> MoonPhase.MOON_PHASE_NEW;
      case WAXING_CRESCENT -> MoonPhase.MOON_PHASE_WAXING_CRESCENT;
      case FIRST_QUARTER -> MoonPhase.MOON_PHASE_FIRST_QUARTER;
      case WAXING_GIBBOUS -> MoonPhase.MOON_PHASE_WAXING_GIBBOUS;
      case FULL -> MoonPhase.MOON_PHASE_FULL;
      case WANING_GIBBOUS -> MoonPhase.MOON_PHASE_WANING_GIBBOUS;
      case LAST_QUARTER -> MoonPhase.MOON_PHASE_LAST_QUARTER;
      case WANING_CRESCENT -> MoonPhase.MOON_PHASE_WANING_CRESCENT;
    };
  }

  static BoundaryKind kind(Boundary.Kind kind) {
    return switch (kind) {
      case YEAR -> BoundaryKind.BOUNDARY_KIND_YEAR;
      case SEASON -> BoundaryKind.BOUNDARY_KIND_SEASON;
      case DAY -> BoundaryKind.BOUNDARY_KIND_DAY;
      case MOON -> BoundaryKind.BOUNDARY_KIND_MOON;
      case PHASE -> BoundaryKind.BOUNDARY_KIND_PHASE;
      case HOUR -> BoundaryKind.BOUNDARY_KIND_HOUR;
    };
  }

  private TimeMessages() {}
}
