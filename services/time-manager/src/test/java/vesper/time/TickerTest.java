package vesper.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import vesper.testing.TestClock;
import vesper.time.ClockStore.Origin;
import vesper.time.v1.TickCause;
import vesper.time.v1.Ticked;
import vesper.time.v1.TimeTick;

class TickerTest {
  private static final Origin TESTER = new Origin("tester", "test");
  private static final TimeConfig.Stream CONFIG =
      new TimeConfig.Stream(2, Duration.ofMillis(50), Duration.ofSeconds(20));

  private final TestClock time = TestClock.create();
  private final Timekeeper timekeeper =
      new Timekeeper(List.of(Worlds.standard("town")), new FakeClockStore(), time);
  private final WorldClock world = timekeeper.world("town");
  private final Cycle minutes = world.calendar().minutes();
  private final List<Long> live = new ArrayList<>();
  private boolean sendsLive = true;
  private final Ticker ticker =
      new Ticker(
          timekeeper,
          CONFIG,
          (event, _) -> live.add(((Ticked) event).getGameSeconds()),
          () -> sendsLive);
  private final RecordingReader reader = new RecordingReader();

  @Test
  void open_sendsTheTimeNow() {
    time.advance(Duration.ofMillis(500));
    ticker.open(world, minutes, reader);
    time.advance(Duration.ofMillis(250));
    ticker.look();
    assertThat(causes(reader)).containsExactly(TickCause.TICK_CAUSE_START);
  }

  @Test
  void minute_isSentOnceAtItsExactStart() {
    ticker.open(world, minutes, reader);
    time.advance(Duration.ofMillis(1_010));
    ticker.look();
    ticker.look();
    assertThat(causes(reader))
        .containsExactly(TickCause.TICK_CAUSE_START, TickCause.TICK_CAUSE_UNIT);
    assertThat(reader.last().getTime().getGameSeconds()).isEqualTo(Worlds.SEVEN + 60);
    assertThat(reader.last().getTime().getRealTime())
        .isEqualTo(TimeMessages.timestamp(TestClock.START.plusSeconds(1)));
  }

  @Test
  void look_saysWhenTheNextMinuteBegins() {
    timekeeper.clock(world);
    time.advance(Duration.ofMillis(300));
    assertThat(ticker.look()).isEqualTo(Duration.ofMillis(500));
    time.advance(Duration.ofMillis(600));
    assertThat(ticker.look()).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void hour_isNotSentAtMinutes() {
    ticker.open(world, world.calendar().cycle(Boundary.Kind.HOUR), reader);
    for (int second = 1; second <= 60; second++) {
      time.advance(Duration.ofSeconds(1));
      ticker.look();
    }
    assertThat(reader.ticks())
        .filteredOn(tick -> tick.getCause() == TickCause.TICK_CAUSE_UNIT)
        .singleElement()
        .satisfies(tick -> assertThat(tick.getTime().getDate().getHour()).isEqualTo(8));
  }

  @Test
  void slowReader_missesTicksAndGetsNoneLate() {
    timekeeper.change(world, TESTER, (clock, at) -> clock.withRate(at, new ClockRate(30, 1)));
    ticker.open(world, minutes, reader);
    reader.ready(false);
    for (int second = 1; second <= 4; second++) {
      time.advance(Duration.ofSeconds(1));
      ticker.look();
    }
    reader.ready(true);
    time.advance(Duration.ofSeconds(1));
    ticker.look();
    assertThat(reader.ticks()).hasSize(1);
    time.advance(Duration.ofSeconds(1));
    ticker.look();
    assertThat(reader.last().getTime().getGameSeconds()).isEqualTo(Worlds.SEVEN + 180);
    assertThat(reader.ticks()).hasSize(2);
  }

  @Test
  void changeOfTheClock_isSentAtOnceAndToASlowReaderWhenItIsReady() {
    ticker.open(world, minutes, reader);
    ticker.look();
    reader.ready(false);
    timekeeper.change(world, TESTER, (clock, at) -> clock.withPause(at, "menu"));
    ticker.look();
    assertThat(reader.ticks()).hasSize(1);
    reader.ready(true);
    time.advance(Duration.ofSeconds(1));
    ticker.look();
    assertThat(reader.last().getCause()).isEqualTo(TickCause.TICK_CAUSE_CLOCK_CHANGED);
    assertThat(reader.last().getTime().getClock().getPaused()).isTrue();
    timekeeper.change(world, TESTER, (clock, at) -> clock.withoutPause(at, "menu"));
    ticker.look();
    assertThat(reader.last().getTime().getClock().getPaused()).isFalse();
    assertThat(reader.ticks()).hasSize(3);
  }

  @Test
  void minuteAndChangeTogether_areBothSent() {
    ticker.open(world, minutes, reader);
    time.advance(Duration.ofMillis(1_500));
    timekeeper.change(world, TESTER, (clock, at) -> clock.withRate(at, new ClockRate(1, 1)));
    ticker.look();
    assertThat(causes(reader))
        .containsExactly(
            TickCause.TICK_CAUSE_START,
            TickCause.TICK_CAUSE_UNIT,
            TickCause.TICK_CAUSE_CLOCK_CHANGED);
  }

  @Test
  void changeOfTheRate_replansTheNextTick() {
    ticker.open(world, minutes, reader);
    timekeeper.change(world, TESTER, (clock, at) -> clock.withRate(at, new ClockRate(600, 1)));
    assertThat(ticker.look()).isEqualTo(Duration.ofMillis(100));
    time.advance(Duration.ofMillis(100));
    ticker.look();
    assertThat(reader.last().getTime().getGameSeconds()).isEqualTo(Worlds.SEVEN + 60);
  }

  @Test
  void fastClock_sendsAtMostTwentyTicksASecond() {
    ticker.open(world, minutes, reader);
    timekeeper.change(world, TESTER, (clock, at) -> clock.withRate(at, new ClockRate(10_000, 1)));
    ticker.look();
    int before = reader.ticks().size();
    for (int millis = 0; millis < 1_000; millis++) {
      time.advance(Duration.ofMillis(1));
      ticker.look();
    }
    List<TimeTick> ticks = reader.ticks().subList(before, reader.ticks().size());
    assertThat(ticks).hasSize(20);
    assertThat(ticks).allMatch(tick -> tick.getTime().getGameSeconds() % 60 == 0);
    assertThat(live).hasSize(20);
  }

  @Test
  void pausedWorld_sendsTheTimeNowAndThen() {
    timekeeper.change(world, TESTER, (clock, at) -> clock.withPause(at, "menu"));
    ticker.open(world, minutes, reader);
    for (int second = 1; second <= 60; second++) {
      time.advance(Duration.ofSeconds(1));
      ticker.look();
    }
    assertThat(causes(reader))
        .containsExactly(
            TickCause.TICK_CAUSE_START,
            TickCause.TICK_CAUSE_STILL_ALIVE,
            TickCause.TICK_CAUSE_STILL_ALIVE,
            TickCause.TICK_CAUSE_STILL_ALIVE);
    assertThat(live).isEmpty();
  }

  @Test
  void live_isSentByOneReplicaOnly() {
    timekeeper.clock(world);
    ticker.look();
    time.advance(Duration.ofSeconds(1));
    ticker.look();
    sendsLive = false;
    time.advance(Duration.ofSeconds(1));
    ticker.look();
    assertThat(live).containsExactly(Worlds.SEVEN + 60);
  }

  @Test
  void open_beyondTheBound_isRefusedUntilOneIsGone() {
    ticker.open(world, minutes, reader);
    ticker.open(world, minutes, new RecordingReader());
    assertThatThrownBy(() -> ticker.open(world, minutes, new RecordingReader()))
        .satisfies(refusal ->
            assertThat(Status.fromThrowable(refusal).getCode())
                .isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
    reader.cancel();
    reader.cancel();
    assertThat(ticker.openStreams()).isEqualTo(1);
    RecordingReader next = new RecordingReader();
    ticker.open(world, minutes, next);
    time.advance(Duration.ofSeconds(1));
    ticker.look();
    assertThat(next.ticks()).hasSize(2);
    assertThat(reader.ticks()).hasSize(1);
  }

  @Test
  void brokenReader_leavesAndDoesNotDisturbOthers() {
    RecordingReader broken = new RecordingReader();
    ticker.open(world, minutes, broken);
    ticker.open(world, minutes, reader);
    broken.breakOff();
    time.advance(Duration.ofSeconds(1));
    ticker.look();
    assertThat(reader.ticks()).hasSize(2);
    assertThat(ticker.openStreams()).isEqualTo(1);
  }

  @Test
  void end_tellsReadersToComeBack() {
    ticker.open(world, minutes, reader);
    ticker.end();
    assertThat(Status.fromThrowable(reader.error()).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(ticker.openStreams()).isZero();
  }

  private static List<TickCause> causes(RecordingReader reader) {
    return reader.ticks().stream().map(TimeTick::getCause).toList();
  }
}
