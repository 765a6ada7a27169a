package vesper.time;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import vesper.testing.TestClock;
import vesper.time.ClockStore.Origin;
import vesper.time.v1.BoundaryKind;
import vesper.time.v1.DayPart;
import vesper.time.v1.HourChanged;
import vesper.time.v1.Paused;
import vesper.time.v1.RateChanged;
import vesper.time.v1.Resumed;
import vesper.time.v1.Skipped;

class TimekeeperTest {
  private static final long HOUR = 3_600;
  private static final Origin TESTER = new Origin("tester", "test");

  private final TestClock time = TestClock.create();
  private final FakeClockStore store = new FakeClockStore();
  private final Timekeeper timekeeper = replica(time);
  private final WorldClock world = timekeeper.world("town");

  private Timekeeper replica(TestClock clock) {
    return new Timekeeper(List.of(Worlds.standard("town")), store, clock);
  }

  @Test
  void clock_atFirst_startsAsThePackSays() {
    assertThat(timekeeper.clock(world))
        .isEqualTo(Clock.starting(TestClock.START, Worlds.SEVEN, new ClockRate(60, 1)));
  }

  @Test
  void clock_ofAWorldThatHasOne_continues() {
    timekeeper.clock(world);
    time.advance(Duration.ofDays(2));
    Timekeeper restarted = replica(time);
    Clock clock = restarted.clock(restarted.world("town"));
    assertThat(clock.version()).isEqualTo(1);
    assertThat(clock.gameSecondsAt(time.instant())).isEqualTo(Worlds.SEVEN + 2 * 86_400 * 60);
  }

  @Test
  void announce_tellsEachBoundaryOnce() {
    timekeeper.clock(world);
    time.advance(Duration.ofSeconds(60));
    assertThat(timekeeper.announce(OnlyHolder.LEASE, world).announcedTo()).isEqualTo(8 * HOUR);
    timekeeper.announce(OnlyHolder.LEASE, world);
    Timekeeper other = replica(time);
    other.announce(OnlyHolder.LEASE, other.world("town"));
    assertThat(store.events())
        .containsExactly(
            HourChanged.newBuilder()
                .setWorldId("town")
                .setGameSeconds(8 * HOUR)
                .setHour(8)
                .setDayPart(DayPart.DAY_PART_MORNING)
                .build());
    assertThat(store.boundaries()).containsExactly(new Boundary(Boundary.Kind.HOUR, 8 * HOUR));
  }

  @Test
  void announce_afterAStallOfWeeks_summarises() {
    timekeeper.clock(world);
    time.advance(Duration.ofMinutes(24 * 14));
    timekeeper.announce(OnlyHolder.LEASE, world);
    Message first = store.events().getFirst();
    assertThat(first)
        .isEqualTo(
            Skipped.newBuilder()
                .setWorldId("town")
                .setFromGameSeconds(Worlds.SEVEN)
                .setToGameSeconds(Worlds.SEVEN + 14 * 24 * HOUR)
                .setCount(14 * (24 + 4))
                .addKinds(BoundaryKind.BOUNDARY_KIND_PHASE)
                .addKinds(BoundaryKind.BOUNDARY_KIND_HOUR)
                .build());
    assertThat(store.boundaries())
        .extracting(Boundary::kind)
        .doesNotContain(Boundary.Kind.HOUR, Boundary.Kind.PHASE)
        .hasSize(14 + 4);
  }

  @Test
  void change_announcesFirstWhatWasReached() {
    timekeeper.clock(world);
    time.advance(Duration.ofSeconds(90));
    timekeeper.change(world, TESTER, (clock, at) -> clock.withPause(at, "menu"));
    assertThat(store.events()).hasSize(2);
    assertThat(store.events().getFirst()).isInstanceOf(HourChanged.class);
    assertThat(store.events().getLast())
        .isEqualTo(
            Paused.newBuilder()
                .setWorldId("town")
                .setGameSeconds(Worlds.SEVEN + 90 * 60)
                .setReason("menu")
                .build());
  }

  @Test
  void change_toTheSame_tellsNothing() {
    timekeeper.change(world, TESTER, (clock, at) -> clock.withRate(at, new ClockRate(120, 2)));
    assertThat(store.events()).isEmpty();
    assertThat(timekeeper.clock(world).version()).isEqualTo(1);
  }

  @Test
  void change_ofOneReasonOfTwo_tellsNothing() {
    timekeeper.change(world, TESTER, (clock, at) -> clock.withPause(at, "menu"));
    timekeeper.change(world, TESTER, (clock, at) -> clock.withPause(at, "backup"));
    timekeeper.change(world, TESTER, (clock, at) -> clock.withoutPause(at, "menu"));
    timekeeper.change(world, TESTER, (clock, at) -> clock.withoutPause(at, "backup"));
    assertThat(store.events()).hasExactlyElementsOfTypes(Paused.class, Resumed.class);
  }

  @Test
  void change_ofTheRateOfAPausedClock_isTold() {
    timekeeper.change(world, TESTER, (clock, at) -> clock.withPause(at, "menu"));
    timekeeper.change(world, TESTER, (clock, at) -> clock.withRate(at, new ClockRate(10, 1)));
    assertThat(store.events()).hasExactlyElementsOfTypes(Paused.class, RateChanged.class);
  }

  @Test
  void announce_whilePaused_isSilent() {
    timekeeper.change(world, TESTER, (clock, at) -> clock.withPause(at, "menu"));
    time.advance(Duration.ofDays(30));
    timekeeper.announce(OnlyHolder.LEASE, world);
    assertThat(store.events()).hasExactlyElementsOfTypes(Paused.class);
    timekeeper.change(world, TESTER, (clock, at) -> clock.withoutPause(at, "menu"));
    time.advance(Duration.ofSeconds(60));
    timekeeper.announce(OnlyHolder.LEASE, world);
    assertThat(store.events())
        .hasExactlyElementsOfTypes(Paused.class, Resumed.class, HourChanged.class);
  }

  /// A replica whose real clock is ahead has announced an hour that has not come on the other,
  /// which then stops the clock: the hour stays reached.
  @Test
  void change_onAReplicaThatIsBehind_doesNotTakeBackWhatWasAnnounced() {
    timekeeper.clock(world);
    TestClock ahead = TestClock.at(time.instant().plusSeconds(61));
    Timekeeper other = replica(ahead);
    other.announce(OnlyHolder.LEASE, other.world("town"));
    Clock paused = timekeeper.change(world, TESTER, (clock, at) -> clock.withPause(at, "menu"));
    assertThat(paused.gameSeconds()).isEqualTo(Worlds.SEVEN + 61 * 60);
    assertThat(store.events()).hasExactlyElementsOfTypes(HourChanged.class, Paused.class);
  }

  /// The other replica paused the clock before the hour, and this one has not heard of it yet.
  @Test
  void announce_withAnOutdatedClock_asksTheStore() {
    timekeeper.clock(world);
    Timekeeper other = replica(time);
    other.change(other.world("town"), TESTER, (clock, at) -> clock.withPause(at, "menu"));
    time.advance(Duration.ofSeconds(60));
    assertThat(timekeeper.announce(OnlyHolder.LEASE, world).announcedTo()).isEqualTo(Worlds.SEVEN);
    assertThat(timekeeper.clock(world).paused()).isTrue();
  }

  @Test
  void refresh_learnsAndTellsListenersOnce() {
    AtomicInteger told = new AtomicInteger();
    timekeeper.clock(world);
    timekeeper.whenChanged(told::incrementAndGet);
    timekeeper.refresh();
    assertThat(told).hasValue(0);
    Timekeeper other = replica(time);
    other.change(
        other.world("town"), TESTER, (clock, at) -> clock.withRate(at, new ClockRate(1, 1)));
    timekeeper.refresh();
    timekeeper.refresh();
    assertThat(told).hasValue(1);
    assertThat(timekeeper.clock(world).rate()).isEqualTo(new ClockRate(1, 1));
  }

  @Test
  void findInstantOf_anyMoment_looksInTheRightStretch() {
    timekeeper.clock(world);
    Instant start = time.instant();
    time.advance(Duration.ofSeconds(10));
    timekeeper.change(world, TESTER, (clock, at) -> clock.withPause(at, "menu"));
    time.advance(Duration.ofSeconds(100));
    timekeeper.change(world, TESTER, (clock, at) -> clock.withoutPause(at, "menu"));
    assertThat(timekeeper.findInstantOf(world, Worlds.SEVEN - 1)).isEmpty();
    assertThat(timekeeper.findInstantOf(world, Worlds.SEVEN)).contains(start);
    assertThat(timekeeper.findInstantOf(world, Worlds.SEVEN + 60)).contains(start.plusSeconds(1));
    assertThat(timekeeper.findInstantOf(world, Worlds.SEVEN + 600)).contains(start.plusSeconds(10));
    assertThat(timekeeper.findInstantOf(world, Worlds.SEVEN + 660))
        .contains(start.plusSeconds(111));
  }
}
