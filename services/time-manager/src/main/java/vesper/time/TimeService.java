package vesper.time;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import vesper.runtime.CallContext;
import vesper.runtime.Refusal;
import vesper.time.ClockStore.Origin;
import vesper.time.v1.Calendar;
import vesper.time.v1.CalendarDate;
import vesper.time.v1.ConvertTimeRequest;
import vesper.time.v1.ConvertTimeResponse;
import vesper.time.v1.GameTime;
import vesper.time.v1.GetCalendarRequest;
import vesper.time.v1.GetTimeRequest;
import vesper.time.v1.PauseClockRequest;
import vesper.time.v1.ResumeClockRequest;
import vesper.time.v1.SetClockRateRequest;
import vesper.time.v1.StreamTimeRequest;
import vesper.time.v1.TickUnit;
import vesper.time.v1.TimeGrpc;
import vesper.time.v1.TimeTick;

/// The rpcs of the clock.
final class TimeService extends TimeGrpc.TimeImplBase {
  private static final int MOST_PAUSES = 64;

  private final Timekeeper timekeeper;
  private final Ticker ticker;

  TimeService(Timekeeper timekeeper, Ticker ticker) {
    this.timekeeper = timekeeper;
    this.ticker = ticker;
  }

  @Override
  public void getTime(GetTimeRequest request, StreamObserver<GameTime> out) {
    WorldClock world = timekeeper.world(request.getWorldId());
    Clock clock = timekeeper.clock(world);
    Instant now = timekeeper.now();
    answer(out, TimeMessages.gameTime(world, clock, clock.gameSecondsAt(now), Optional.of(now)));
  }

  @Override
  public void convertTime(ConvertTimeRequest request, StreamObserver<ConvertTimeResponse> out) {
    WorldClock world = timekeeper.world(request.getWorldId());
    GameTime time =
        switch (request.getFromCase()) {
          case REAL_TIME -> atRealTime(world, request.getRealTime());
          case GAME_SECONDS -> atGameSeconds(world, request.getGameSeconds());
          case DATE -> atGameSeconds(world, gameSeconds(world.calendar(), request.getDate()));
          case FROM_NOT_SET -> throw Refusal.invalid("from", "one of its fields must be set");
        };
    answer(out, ConvertTimeResponse.newBuilder().setTime(time).build());
  }

  @Override
  public void getCalendar(GetCalendarRequest request, StreamObserver<Calendar> out) {
    answer(out, TimeMessages.calendar(timekeeper.world(request.getWorldId())));
  }

  @Override
  public void setClockRate(SetClockRateRequest request, StreamObserver<GameTime> out) {
    ClockRate rate =
        new ClockRate(request.getRate().getNumerator(), request.getRate().getDenominator());
    WorldClock world = timekeeper.world(request.getWorldId());
    Clock clock =
        timekeeper.change(world, origin("rate"), (newest, at) -> newest.withRate(at, rate));
    answer(out, changed(world, clock));
  }

  @Override
  public void pauseClock(PauseClockRequest request, StreamObserver<GameTime> out) {
    WorldClock world = timekeeper.world(request.getWorldId());
    String reason = request.getReason();
    Clock clock =
        timekeeper.change(
            world,
            origin("pause " + reason),
            (newest, at) -> {
              if (newest.pauses().size() >= MOST_PAUSES && !newest.pauses().contains(reason)) {
                throw Refusal.precondition(
                    "TOO_MANY_PAUSES", "the clock is paused for " + MOST_PAUSES + " reasons");
              }
              return newest.withPause(at, reason);
            });
    answer(out, changed(world, clock));
  }

  @Override
  public void resumeClock(ResumeClockRequest request, StreamObserver<GameTime> out) {
    WorldClock world = timekeeper.world(request.getWorldId());
    String reason = request.getReason();
    Clock clock =
        timekeeper.change(
            world, origin("resume " + reason), (newest, at) -> newest.withoutPause(at, reason));
    answer(out, changed(world, clock));
  }

  @Override
  public void streamTime(StreamTimeRequest request, StreamObserver<TimeTick> out) {
    WorldClock world = timekeeper.world(request.getWorldId());
    ticker.open(
        world, unit(world.calendar(), request.getUnit()), (ServerCallStreamObserver<TimeTick>) out);
  }

  private GameTime atRealTime(WorldClock world, Timestamp realTime) {
    if (!Timestamps.isValid(realTime)) {
      throw Refusal.invalid("realTime", "must lie in the years 1 to 9999");
    }
    Instant instant =
        Instant.ofEpochSecond(realTime.getSeconds(), realTime.getNanos())
            .truncatedTo(ChronoUnit.MILLIS);
    long gameSeconds =
        timekeeper
            .findAt(world, instant)
            .orElseThrow(
                () -> Refusal.outOfRange("realTime", "lies before the world's first instant"))
            .gameSecondsAt(instant);
    if (gameSeconds > Clock.LAST_GAME_SECOND) {
      throw Refusal.outOfRange(
          "realTime", "lies after the last game second, " + Clock.LAST_GAME_SECOND);
    }
    return TimeMessages.gameTime(world, timekeeper.clock(world), gameSeconds, Optional.of(instant));
  }

  private GameTime atGameSeconds(WorldClock world, long gameSeconds) {
    Optional<Instant> instant = timekeeper.findInstantOf(world, gameSeconds);
    return TimeMessages.gameTime(world, timekeeper.clock(world), gameSeconds, instant);
  }

  private static long gameSeconds(GameCalendar calendar, CalendarDate date) {
    int months = calendar.rules().months().size();
    if (date.getMonth() > months) {
      throw Refusal.invalid("date.month", "the year has " + months + " months");
    }
    int days = calendar.month(date.getMonth()).days();
    if (date.getDay() > days) {
      throw Refusal.invalid("date.day", "the month has " + days + " days");
    }
    long gameSeconds = calendar.gameSeconds(TimeMessages.date(date));
    if (gameSeconds > Clock.LAST_GAME_SECOND) {
      throw Refusal.invalid(
          "date.year", "lies after the last game second, " + Clock.LAST_GAME_SECOND);
    }
    return gameSeconds;
  }

  private static Cycle unit(GameCalendar calendar, TickUnit unit) {
    return switch (unit) {
      case TICK_UNIT_UNSPECIFIED, TICK_UNIT_MINUTE -> calendar.minutes();
      case TICK_UNIT_HOUR -> calendar.cycle(Boundary.Kind.HOUR);
      case TICK_UNIT_PHASE -> calendar.cycle(Boundary.Kind.PHASE);
      case TICK_UNIT_DAY -> calendar.cycle(Boundary.Kind.DAY);
      case UNRECOGNIZED -> throw Refusal.invalid("unit", "is no unit of ticks");
    };
  }

  private GameTime changed(WorldClock world, Clock clock) {
    Instant now = timekeeper.now();
    return TimeMessages.gameTime(world, clock, clock.gameSecondsAt(now), Optional.of(now));
  }

  private static Origin origin(String reason) {
    return new Origin(CallContext.current().principal().subject(), reason);
  }

  private static <T> void answer(StreamObserver<T> out, T message) {
    out.onNext(message);
    out.onCompleted();
  }
}
