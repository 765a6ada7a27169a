package vesper.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClockTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final long SEVEN = 25_200;
  private static final BigInteger GIGA = BigInteger.valueOf(1_000_000_000);

  @ParameterizedTest
  @CsvSource({
    "60, 1, 123457, 32607",
    "61, 1, 123457, 32730",
    "45, 1, 123457, 30755",
    "1, 2, 123457, 25261",
    "1000, 1, 3600000, 3625200"
  })
  void gameSecondsAt_isTheClosedFormula(long game, long real, long millis, long expected) {
    Clock clock = Clock.starting(START, SEVEN, new ClockRate(game, real));
    assertThat(clock.gameSecondsAt(START.plusMillis(millis))).isEqualTo(expected);
  }

  @Test
  void gameSecondsAt_beforeTheAnchor_isTheAnchor() {
    Clock clock = Clock.starting(START, SEVEN, new ClockRate(60, 1));
    assertThat(clock.gameSecondsAt(START.minusSeconds(5))).isEqualTo(SEVEN);
  }

  @Test
  void gameSecondsAt_productBeyond64Bits_isExact() {
    Clock clock = Clock.starting(START, SEVEN, new ClockRate(999_999_999, 100_000));
    long years = 300L * 365 * 86_400;
    assertThat(clock.gameSecondsAt(START.plusSeconds(years)))
        .isEqualTo(SEVEN + years * 9_999 + years * 99_999 / 100_000);
  }

  @Test
  void pause_forTwoReasons_runsAgainWhenBothAreGone() {
    Clock clock = Clock.starting(START, SEVEN, new ClockRate(60, 1));
    Clock held =
        clock.withPause(START.plusSeconds(1), "menu").withPause(START.plusSeconds(2), "backup");
    assertThat(held.pauses()).containsExactly("backup", "menu");
    assertThat(held.gameSecondsAt(START.plusSeconds(100))).isEqualTo(SEVEN + 60);
    Clock stillHeld = held.withoutPause(START.plusSeconds(100), "menu");
    assertThat(stillHeld.gameSecondsAt(START.plusSeconds(200))).isEqualTo(SEVEN + 60);
    Clock runs = stillHeld.withoutPause(START.plusSeconds(200), "backup");
    assertThat(runs.gameSecondsAt(START.plusSeconds(201))).isEqualTo(SEVEN + 120);
    assertThat(runs.version()).isEqualTo(5);
  }

  @Test
  void change_thatChangesNothing_isTheSameClock() {
    Clock clock = Clock.starting(START, SEVEN, new ClockRate(60, 1)).withPause(START, "menu");
    assertThat(clock.withRate(START, new ClockRate(120, 2))).isSameAs(clock);
    assertThat(clock.withPause(START, "menu")).isSameAs(clock);
    assertThat(clock.withoutPause(START, "backup")).isSameAs(clock);
  }

  @Test
  void change_beforeTheAnchor_isMadeAtTheAnchor() {
    Clock clock = Clock.starting(START, SEVEN, new ClockRate(60, 1));
    Clock changed = clock.withRate(START.minusSeconds(10), new ClockRate(1, 1));
    assertThat(changed.since()).isEqualTo(START);
    assertThat(changed.gameSeconds()).isEqualTo(SEVEN);
  }

  @Test
  void manyChangesWithinASecond_loseNoTime() {
    Clock clock = Clock.starting(START, 0, new ClockRate(1, 1));
    for (int i = 1; i <= 10_000; i++) {
      clock = clock.withRate(START.plusMillis(i), new ClockRate(i % 2 + 1, 1));
    }
    assertThat(clock.gameSecondsAt(START.plusSeconds(10))).isEqualTo(15);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 0", "-1, 1", "1, 101", "10001, 1", "1, 2000000000"})
  void rate_outOfRange_isRefused(long game, long real) {
    assertThatIllegalArgumentException().isThrownBy(() -> new ClockRate(game, real));
  }

  @Test
  void anchorBetweenMilliseconds_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Clock(1, START.plusNanos(1), 0, 0, new ClockRate(60, 1), new TreeSet<>()));
  }

  @Test
  void rate_isInLowestTerms() {
    assertThat(new ClockRate(120, 2)).isEqualTo(new ClockRate(60, 1));
  }

  @Test
  void findInstantOf_aPausedOrPastOrFarMoment_isEmpty() {
    Clock clock = Clock.starting(START, SEVEN, new ClockRate(1, 100));
    assertThat(clock.findInstantOf(SEVEN - 1)).isEmpty();
    assertThat(clock.findInstantOf(Clock.LAST_GAME_SECOND)).isEmpty();
    Clock paused = clock.withPause(START, "menu");
    assertThat(paused.findInstantOf(SEVEN)).contains(START);
    assertThat(paused.findInstantOf(SEVEN + 1)).isEmpty();
  }

  /// A history of changes gives what adding up each stretch exactly gives, less than a nanosecond a
  /// change apart, and never runs backward.
  @Property(tries = 10_000)
  void histories_followTheClosedFormula(@ForAll("histories") List<Change> history) {
    Clock clock = Clock.starting(START, SEVEN, new ClockRate(60, 1));
    Instant now = START;
    Exact exact = new Exact(BigInteger.valueOf(SEVEN), BigInteger.ONE);
    long shown = SEVEN;
    int changes = 0;
    for (Change change : history) {
      now = now.plusMillis(change.afterMillis());
      if (!clock.paused()) {
        exact = exact.plus(change.afterMillis(), clock.rate());
      }
      assertThat(clock.gameSecondsAt(now)).isGreaterThanOrEqualTo(shown);
      shown = clock.gameSecondsAt(now);
      clock = change.apply(clock, now);
      changes++;
      assertThat(clock.gameSecondsAt(now)).as("no jump").isEqualTo(shown);
      BigInteger ours =
          BigInteger.valueOf(clock.gameSeconds())
              .multiply(GIGA)
              .add(BigInteger.valueOf(clock.gameNanos()));
      if (clock.since().equals(now)) {
        assertThat(exact.nanos().subtract(ours))
            .isBetween(BigInteger.ZERO, BigInteger.valueOf(changes));
      }
    }
  }

  /// The instant of a moment is the first millisecond at which the clock shows it.
  @Property
  void findInstantOf_isTheFirstMillisecond(
      @ForAll("rates") ClockRate rate,
      @ForAll @LongRange(min = 0, max = 1_000_000_000_000_000L) long ahead,
      @ForAll @LongRange(min = 1, max = 999_999) long before) {
    Clock clock =
        Clock.starting(START, SEVEN, new ClockRate(7, 3)).withRate(START.plusMillis(before), rate);
    long game = clock.gameSeconds() + 1 + ahead;
    clock
        .findInstantOf(game)
        .ifPresent(instant -> {
          assertThat(clock.gameSecondsAt(instant)).isGreaterThanOrEqualTo(game);
          assertThat(clock.gameSecondsAt(instant.minusMillis(1))).isLessThan(game);
        });
  }

  @Property
  void extremes_doNotOverflow(
      @ForAll("rates") ClockRate rate,
      @ForAll @LongRange(min = 0, max = Clock.LAST_GAME_SECOND) long start) {
    Clock clock = Clock.starting(START, start, rate);
    long last = clock.gameSecondsAt(Clock.LAST_INSTANT);
    assertThat(last).isGreaterThan(start);
    assertThat(clock.withPause(Clock.LAST_INSTANT, "end").gameSeconds()).isEqualTo(last);
  }

  @Provide
  Arbitrary<ClockRate> rates() {
    return Arbitraries.longs()
        .between(1, 1_000_000)
        .flatMap(real ->
            Arbitraries.longs()
                .between(Math.ceilDiv(real, 100), Math.min(1_000_000_000, real * 10_000))
                .map(game -> new ClockRate(game, real)));
  }

  @Provide
  Arbitrary<List<Change>> histories() {
    Arbitrary<Long> waits =
        Arbitraries.oneOf(
            Arbitraries.longs().between(0, 10_000),
            Arbitraries.longs().between(0, 10_000_000_000L));
    Arbitrary<Change> change =
        Arbitraries.oneOf(
            Combinators.combine(waits, rates()).as(Change.Rate::new),
            Combinators.combine(waits, Arbitraries.of("menu", "backup")).as(Change.Pause::new),
            Combinators.combine(waits, Arbitraries.of("menu", "backup")).as(Change.Resume::new));
    return change.list().ofMaxSize(12);
  }

  /// What is done to a clock some time after the last change.
  sealed interface Change {
    long afterMillis();

    Clock apply(Clock clock, Instant now);

    record Rate(long afterMillis, ClockRate rate) implements Change {
      @Override
      public Clock apply(Clock clock, Instant now) {
        return clock.withRate(now, rate);
      }
    }

    record Pause(long afterMillis, String reason) implements Change {
      @Override
      public Clock apply(Clock clock, Instant now) {
        return clock.withPause(now, reason);
      }
    }

    record Resume(long afterMillis, String reason) implements Change {
      @Override
      public Clock apply(Clock clock, Instant now) {
        return clock.withoutPause(now, reason);
      }
    }
  }

  /// A fraction of game seconds.
  private record Exact(BigInteger numerator, BigInteger denominator) {
    Exact plus(long millis, ClockRate rate) {
      BigInteger per = BigInteger.valueOf(rate.realSeconds() * 1000);
      BigInteger top =
          numerator
              .multiply(per)
              .add(
                  BigInteger.valueOf(millis)
                      .multiply(BigInteger.valueOf(rate.gameSeconds()))
                      .multiply(denominator));
      BigInteger bottom = denominator.multiply(per);
      BigInteger divisor = top.gcd(bottom);
      return new Exact(top.divide(divisor), bottom.divide(divisor));
    }

    BigInteger nanos() {
      return numerator.multiply(GIGA).divide(denominator);
    }
  }
}
