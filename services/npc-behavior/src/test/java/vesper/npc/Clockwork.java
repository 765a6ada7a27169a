package vesper.npc;

import io.grpc.stub.StreamObserver;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import vesper.runtime.Refusal;
import vesper.runtime.ServiceContext;
import vesper.runtime.ServiceModule;
import vesper.runtime.Wiring;
import vesper.time.v1.CalendarDate;
import vesper.time.v1.ClockState;
import vesper.time.v1.DayPart;
import vesper.time.v1.GameTime;
import vesper.time.v1.GetTimeRequest;
import vesper.time.v1.Moon;
import vesper.time.v1.MoonPhase;
import vesper.time.v1.Phase;
import vesper.time.v1.Rate;
import vesper.time.v1.Season;
import vesper.time.v1.TimeGrpc;

/// A time-manager that tells the time it is given: evening under a full moon.
final class Clockwork implements ServiceModule {

  private final AtomicLong gameSeconds = new AtomicLong(75_900);
  private final AtomicInteger asked = new AtomicInteger();
  private volatile boolean away;

  void set(long newGameSeconds) {
    gameSeconds.set(newGameSeconds);
  }

  /// From now on every question is refused.
  void leave() {
    away = true;
  }

  void comeBack() {
    away = false;
  }

  int asked() {
    return asked.get();
  }

  @Override
  public String id() {
    return "time-manager";
  }

  @Override
  public String domain() {
    return "time";
  }

  @Override
  public Wiring wire(ServiceContext context) {
    return Wiring.of(new Rpcs());
  }

  private final class Rpcs extends TimeGrpc.TimeImplBase {
    @Override
    public void getTime(GetTimeRequest request, StreamObserver<GameTime> out) {
      asked.incrementAndGet();
      if (away) {
        throw Refusal.unavailable(java.time.Duration.ofSeconds(1), "the clock is away");
      }
      out.onNext(
          GameTime.newBuilder()
              .setWorldId(request.getWorldId())
              .setGameSeconds(gameSeconds.get())
              .setDate(
                  CalendarDate.newBuilder()
                      .setYear(1)
                      .setMonth(1)
                      .setDay(1)
                      .setHour(21)
                      .setMinute(5)
                      .setWeekday(1)
                      .setWeekdayName("Washday"))
              .setSeason(Season.newBuilder().setId("spring").setName("spring"))
              .setPhase(Phase.PHASE_NIGHT)
              .setDayPart(DayPart.DAY_PART_NIGHT)
              .setMoon(Moon.newBuilder().setPhase(MoonPhase.MOON_PHASE_FULL).setLight(1))
              .setClock(
                  ClockState.newBuilder()
                      .setRate(Rate.newBuilder().setNumerator(60).setDenominator(1)))
              .build());
      out.onCompleted();
    }
  }
}
