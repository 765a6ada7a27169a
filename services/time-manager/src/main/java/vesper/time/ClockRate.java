package vesper.time;

import java.math.BigInteger;

/// How fast game time runs, in game seconds per real second: a fraction in lowest terms between
/// 1/100 and 10,000.
record ClockRate(long gameSeconds, long realSeconds) {
  private static final long SLOWEST = 100;
  private static final long FASTEST = 10_000;
  private static final long MOST = 1_000_000_000;

  ClockRate {
    if (gameSeconds < 1 || realSeconds < 1 || gameSeconds > MOST || realSeconds > MOST) {
      throw new IllegalArgumentException("A rate has both parts between 1 and " + MOST);
    }
    if (gameSeconds * SLOWEST < realSeconds || gameSeconds > realSeconds * FASTEST) {
      throw new IllegalArgumentException("A rate lies between 1/100 and 10,000");
    }
    long divisor =
        BigInteger.valueOf(gameSeconds).gcd(BigInteger.valueOf(realSeconds)).longValueExact();
    gameSeconds /= divisor;
    realSeconds /= divisor;
  }
}
