package vesper.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import com.google.rpc.BadRequest;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import vesper.runtime.CallContext;
import vesper.runtime.Principal;
import vesper.testing.TestClock;
import vesper.time.v1.CalendarDate;
import vesper.time.v1.ConvertTimeRequest;
import vesper.time.v1.ConvertTimeResponse;
import vesper.time.v1.DayPart;
import vesper.time.v1.GameTime;
import vesper.time.v1.GetCalendarRequest;
import vesper.time.v1.GetTimeRequest;
import vesper.time.v1.MoonPhase;
import vesper.time.v1.PauseClockRequest;
import vesper.time.v1.Phase;
import vesper.time.v1.Rate;
import vesper.time.v1.ResumeClockRequest;
import vesper.time.v1.SetClockRateRequest;

class TimeServiceTest {
  private static final CallContext OPERATOR =
      CallContext.of(
          new Principal("ops", Principal.Kind.OPERATOR, Set.of(), Set.of(), "s"), "request-1");

  private final TestClock time = TestClock.create();
  private final Timekeeper timekeeper =
      new Timekeeper(List.of(Worlds.standard("town")), new FakeClockStore(), time);
  private final TimeService service =
      new TimeService(
          timekeeper,
          new Ticker(
              timekeeper,
              new TimeConfig.Stream(1, Duration.ofMillis(50), Duration.ofSeconds(20)),
              (_, _) -> {},
              () -> false));

  @Test
  void getTime_tellsEverything() {
    GameTime now = getTime();
    assertThat(now.getGameSeconds()).isEqualTo(Worlds.SEVEN);
    assertThat(now.getDate())
        .isEqualTo(
            CalendarDate.newBuilder()
                .setYear(1)
                .setMonth(1)
                .setDay(1)
                .setHour(7)
                .setWeekday(1)
                .setMonthName("Month 1")
                .setWeekdayName("Day 1")
                .build());
    assertThat(now.getSeason().getId()).isEqualTo("spring");
    assertThat(now.getPhase()).isEqualTo(Phase.PHASE_DAY);
    assertThat(now.getDayPart()).isEqualTo(DayPart.DAY_PART_MORNING);
    assertThat(now.getMoon().getPhase()).isEqualTo(MoonPhase.MOON_PHASE_NEW);
    assertThat(now.getClock().getRate().getNumerator()).isEqualTo(60);
    assertThat(now.getClock().getVersion()).isEqualTo(1);
    assertThat(now.getRealTime()).isEqualTo(TimeMessages.timestamp(TestClock.START));
  }

  @Test
  void unknownWorld_isNotFoundWithASuggestion() {
    assertRefused(() -> getTime("twon"), Status.Code.NOT_FOUND, "worldId");
  }

  @Test
  void setClockRate_takesEffectNowWithoutAJump() {
    getTime();
    time.advance(Duration.ofSeconds(10));
    GameTime changed = setRate(120, 2, 1);
    assertThat(changed.getGameSeconds()).isEqualTo(Worlds.SEVEN + 600);
    assertThat(changed.getClock().getVersion()).isEqualTo(1);
    changed = setRate(10_000, 1, 1);
    assertThat(changed.getGameSeconds()).isEqualTo(Worlds.SEVEN + 600);
    assertThat(changed.getClock().getVersion()).isEqualTo(2);
    time.advance(Duration.ofSeconds(1));
    assertThat(getTime().getGameSeconds()).isEqualTo(Worlds.SEVEN + 10_600);
  }

  @Test
  void pauseAndResume_stopAndGoOn() {
    GameTime paused = pause("menu");
    assertThat(paused.getClock().getPaused()).isTrue();
    assertThat(paused.getClock().getPauseReasonsList()).containsExactly("menu");
    time.advance(Duration.ofSeconds(10));
    GameTime resumed =
        call(out ->
            service.resumeClock(
                ResumeClockRequest.newBuilder().setWorldId("town").setReason("menu").build(), out));
    assertThat(resumed.getClock().getPaused()).isFalse();
    assertThat(resumed.getGameSeconds()).isEqualTo(Worlds.SEVEN);
  }

  @Test
  void pause_forTooManyReasons_isRefused() {
    for (int i = 0; i < 64; i++) {
      pause("reason-" + i);
    }
    assertThat(pause("reason-0").getClock().getVersion()).isEqualTo(65);
    assertThatThrownBy(() -> pause("one-more"))
        .satisfies(refusal -> assertThat(code(refusal)).isEqualTo(Status.Code.FAILED_PRECONDITION));
  }

  @Test
  void convertTime_ofAnyNotation_isTheSameMoment() {
    getTime();
    GameTime byReal =
        convert(
            from -> from.setRealTime(TimeMessages.timestamp(TestClock.START.plusMillis(1_000))));
    GameTime byGame = convert(from -> from.setGameSeconds(Worlds.SEVEN + 60));
    GameTime byDate = convert(from -> from.setDate(date(1, 1, 1).setHour(7).setMinute(1)));
    assertThat(byReal.getGameSeconds()).isEqualTo(Worlds.SEVEN + 60);
    assertThat(byGame).isEqualTo(byReal);
    assertThat(byDate).isEqualTo(byReal);
  }

  @Test
  void convertTime_ofTheFarFuture_knowsSeasonAndWeekday() {
    GameTime far = convert(from -> from.setGameSeconds(1_234_567_890));
    assertThat(far.getDate().getYear()).isEqualTo(43);
    assertThat(far.getDate().getWeekday()).isEqualTo(2);
    assertThat(far.getSeason().getId()).isEqualTo("fall");
  }

  @Test
  void convertTime_ofAPausedFuture_hasNoRealTime() {
    pause("menu");
    assertThat(convert(from -> from.setGameSeconds(Worlds.SEVEN + 1)).hasRealTime()).isFalse();
    assertThat(convert(from -> from.setGameSeconds(Worlds.SEVEN)).hasRealTime()).isTrue();
    assertThat(convert(from -> from.setGameSeconds(0)).hasRealTime()).isFalse();
  }

  @Test
  void convertTime_ofADateThatIsNot_namesTheField() {
    assertRefused(
        () -> convert(from -> from.setDate(date(1, 13, 1))),
        Status.Code.INVALID_ARGUMENT,
        "date.month");
    assertRefused(
        () -> convert(from -> from.setDate(date(1, 1, 29))),
        Status.Code.INVALID_ARGUMENT,
        "date.day");
    assertRefused(
        () -> convert(from -> from.setDate(date(100_000_000, 1, 1))),
        Status.Code.INVALID_ARGUMENT,
        "date.year");
  }

  @Test
  void convertTime_beforeTheWorld_isOutOfRange() {
    getTime();
    assertRefused(
        () ->
            convert(
                from -> from.setRealTime(TimeMessages.timestamp(TestClock.START.minusMillis(1)))),
        Status.Code.OUT_OF_RANGE,
        "realTime");
  }

  @Test
  void convertTime_beyondTheLastSecond_isOutOfRange() {
    setRate(10_000, 1, 1);
    assertRefused(
        () -> convert(from -> from.setRealTime(TimeMessages.timestamp(Clock.LAST_INSTANT))),
        Status.Code.OUT_OF_RANGE,
        "realTime");
  }

  @Test
  void convertTime_ofNoTimestamp_isInvalid() {
    assertRefused(
        () -> convert(from -> from.setRealTime(Timestamp.newBuilder().setNanos(-1))),
        Status.Code.INVALID_ARGUMENT,
        "realTime");
  }

  @Test
  void getCalendar_isTheRules() {
    var calendar =
        this.<vesper.time.v1.Calendar>call(out ->
            service.getCalendar(GetCalendarRequest.newBuilder().setWorldId("town").build(), out));
    assertThat(calendar.getMonthsCount()).isEqualTo(12);
    assertThat(calendar.getDaysPerYear()).isEqualTo(336);
    assertThat(calendar.getSeasons(3).getSeason().getName()).isEqualTo("Winter");
    assertThat(calendar.getPhases(3).getFromMinute()).isEqualTo(1_200);
    assertThat(calendar.getPhases(3).getToMinute()).isEqualTo(300);
    assertThat(calendar.getMoonPeriodSeconds()).isEqualTo(2_548_800);
  }

  private GameTime getTime() {
    return getTime("town");
  }

  private GameTime getTime(String world) {
    return call(out -> service.getTime(GetTimeRequest.newBuilder().setWorldId(world).build(), out));
  }

  private GameTime setRate(long game, long real, int times) {
    SetClockRateRequest request =
        SetClockRateRequest.newBuilder()
            .setWorldId("town")
            .setRate(Rate.newBuilder().setNumerator(game * times).setDenominator(real * times))
            .build();
    return call(out -> service.setClockRate(request, out));
  }

  private GameTime pause(String reason) {
    return call(out ->
        service.pauseClock(
            PauseClockRequest.newBuilder().setWorldId("town").setReason(reason).build(), out));
  }

  private GameTime convert(Consumer<ConvertTimeRequest.Builder> from) {
    ConvertTimeRequest.Builder request = ConvertTimeRequest.newBuilder().setWorldId("town");
    from.accept(request);
    return this.<ConvertTimeResponse>call(out -> service.convertTime(request.build(), out))
        .getTime();
  }

  private static CalendarDate.Builder date(long year, int month, int day) {
    return CalendarDate.newBuilder().setYear(year).setMonth(month).setDay(day);
  }

  private <T> T call(Consumer<StreamObserver<T>> rpc) {
    List<T> answers = new ArrayList<>();
    OPERATOR.call(() -> {
      rpc.accept(
          new StreamObserver<>() {
            @Override
            public void onNext(T answer) {
              answers.add(answer);
            }

            @Override
            public void onError(Throwable error) {
              throw new AssertionError(error);
            }

            @Override
            public void onCompleted() {}
          });
      return true;
    });
    assertThat(answers).hasSize(1);
    return answers.getFirst();
  }

  private static void assertRefused(ThrowingCallable call, Status.Code code, String field) {
    assertThatThrownBy(call)
        .satisfies(refusal -> {
          assertThat(code(refusal)).isEqualTo(code);
          BadRequest detail =
              Objects.requireNonNull(StatusProto.fromThrowable(refusal))
                  .getDetails(0)
                  .unpack(BadRequest.class);
          assertThat(detail.getFieldViolations(0).getField()).isEqualTo(field);
        });
  }

  private static Status.Code code(Throwable refusal) {
    return Status.fromThrowable(refusal).getCode();
  }
}
