package vesper.time;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/// A world's clock since its newest anchor: the game time at one real instant, and the rate at
/// which it has run from there.
///
/// Game time is always computed from the anchor and never counted up, so it is the same on every
/// replica, after every restart and at every rate: `game = anchor + floor(elapsed milliseconds ·
/// rate / 1000)`. A change of rate or pause makes the next anchor at the game time reached, to the
/// nanosecond, so that a million changes do not lose a second. The product of milliseconds and rate
/// may need 128 bits; it is then computed exactly.
///
/// @param version rises by one with each anchor
/// @param since real instant of the anchor, in whole milliseconds
/// @param gameSeconds game time at the anchor
/// @param gameNanos part of a game second passed at the anchor
/// @param rate how fast it runs when it is not paused
/// @param pauses reasons for which it stands still; it runs when there is none
record Clock(
    long version,
    Instant since,
    long gameSeconds,
    int gameNanos,
    ClockRate rate,
    NavigableSet<String> pauses) {
  /// The last moment that can be told, in game seconds.
  static final long LAST_GAME_SECOND = 1_000_000_000_000_000L;

  /// The last real instant that can be told: the end of the year 9999.
  static final Instant LAST_INSTANT = Instant.parse("9999-12-31T23:59:59.999Z");

  private static final BigInteger NANOS = BigInteger.valueOf(1_000_000_000);
  private static final BigInteger NANOS_PER_MILLI = BigInteger.valueOf(1_000_000);

  Clock {
    if (!since.equals(since.truncatedTo(ChronoUnit.MILLIS))) {
      throw new IllegalArgumentException("An anchor lies on a whole millisecond");
    }
    pauses = Collections.unmodifiableNavigableSet(new TreeSet<>(pauses));
  }

  /// Returns the first clock of a world.
  static Clock starting(Instant now, long gameSeconds, ClockRate rate) {
    return new Clock(1, now.truncatedTo(ChronoUnit.MILLIS), gameSeconds, 0, rate, new TreeSet<>());
  }

  boolean paused() {
    return !pauses.isEmpty();
  }

  /// Returns the game time at a real instant, assuming that nothing changes after the anchor. An
  /// instant before the anchor reads as the anchor: a replica whose real clock is a little behind
  /// never shows a time before the last change.
  long gameSecondsAt(Instant instant) {
    return reading(instant).seconds();
  }

  /// Returns the first real instant, in whole milliseconds, at which the clock shows a game time;
  /// empty when that was before the anchor, or will not be while nothing changes.
  Optional<Instant> findInstantOf(long game) {
    BigInteger nanos =
        BigInteger.valueOf(game)
            .subtract(BigInteger.valueOf(gameSeconds))
            .multiply(NANOS)
            .subtract(BigInteger.valueOf(gameNanos));
    if (nanos.signum() == 0) {
      return Optional.of(since);
    }
    if (nanos.signum() < 0 || paused()) {
      return Optional.empty();
    }
    BigInteger[] millis =
        nanos
            .multiply(BigInteger.valueOf(rate.realSeconds()))
            .divideAndRemainder(BigInteger.valueOf(rate.gameSeconds()).multiply(NANOS_PER_MILLI));
    BigInteger wait = millis[1].signum() == 0 ? millis[0] : millis[0].add(BigInteger.ONE);
    long longest = Duration.between(since, LAST_INSTANT).toMillis();
    return wait.compareTo(BigInteger.valueOf(longest)) <= 0
        ? Optional.of(since.plusMillis(wait.longValueExact()))
        : Optional.empty();
  }

  /// Returns the clock that runs at another rate from an instant on; itself when the rate is the
  /// same.
  Clock withRate(Instant at, ClockRate newRate) {
    return newRate.equals(rate) ? this : next(at, newRate, pauses);
  }

  /// Returns the clock that is held for one more reason; itself when it is held for it already.
  Clock withPause(Instant at, String reason) {
    NavigableSet<String> reasons = new TreeSet<>(pauses);
    return reasons.add(reason) ? next(at, rate, reasons) : this;
  }

  /// Returns the clock that is not held for a reason any more; itself when it was not.
  Clock withoutPause(Instant at, String reason) {
    NavigableSet<String> reasons = new TreeSet<>(pauses);
    return reasons.remove(reason) ? next(at, rate, reasons) : this;
  }

  private Clock next(Instant at, ClockRate newRate, NavigableSet<String> reasons) {
    Instant from = at.isBefore(since) ? since : at.truncatedTo(ChronoUnit.MILLIS);
    Reading reading = reading(from);
    return new Clock(version + 1, from, reading.seconds(), reading.nanos(), newRate, reasons);
  }

  private Reading reading(Instant instant) {
    long millis = instant.toEpochMilli() - since.toEpochMilli();
    if (millis <= 0 || paused()) {
      return new Reading(gameSeconds, gameNanos);
    }
    long perSecond = rate.realSeconds() * 1000;
    long seconds;
    long rest;
    if (Math.multiplyHigh(millis, rate.gameSeconds()) == 0 && millis * rate.gameSeconds() >= 0) {
      long product = millis * rate.gameSeconds();
      seconds = product / perSecond;
      rest = product % perSecond;
    } else {
      BigInteger[] parts =
          BigInteger.valueOf(millis)
              .multiply(BigInteger.valueOf(rate.gameSeconds()))
              .divideAndRemainder(BigInteger.valueOf(perSecond));
      seconds = parts[0].longValueExact();
      rest = parts[1].longValueExact();
    }
    long nanos = gameNanos + rest * 1_000_000 / rate.realSeconds();
    return new Reading(
        Math.addExact(gameSeconds, seconds + nanos / 1_000_000_000), (int) (nanos % 1_000_000_000));
  }

  private record Reading(long seconds, int nanos) {}
}
