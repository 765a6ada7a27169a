package vesper.runtime;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Makes ids: UUID version 7 (RFC 9562) in lower case, which sort by the time they were made.
public interface Ids {
  /// Returns a new id.
  String next();

  /// Ids that nobody can guess.
  static Ids random(InstantSource clock) {
    SecureRandom random = new SecureRandom();
    return () -> timeOrdered(clock.millis(), random);
  }

  /// Ids that repeat with the seed and the clock, for tests and simulations.
  static Ids seeded(long seed, InstantSource clock) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    return () -> {
      synchronized (random) {
        return timeOrdered(clock.millis(), random);
      }
    };
  }

  private static String timeOrdered(long millis, RandomGenerator random) {
    long high = (millis << 16) | 0x7000 | (random.nextLong() & 0x0fff);
    long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }
}
