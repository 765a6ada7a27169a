package vesper.runtime;

import java.time.Duration;

/// How long leases last.
///
/// @param duration after which a lease that nobody renews is free
/// @param renew how often its holder renews it
record LeaseSettings(@Setting("15s") Duration duration, @Setting("5s") Duration renew) {
  private static final int LOOKS = 5;
  private static final long SHORTEST_LOOK = 10;

  LeaseSettings {
    if (renew.toMillis() < 10 || duration.compareTo(renew.multipliedBy(2)) < 0) {
      throw new IllegalArgumentException(
          "duration must be at least twice renew, renew 10ms or more");
    }
    if (duration.toMinutes() >= 10) {
      throw new IllegalArgumentException("duration must be less than 10m");
    }
  }

  /// How often one who does not hold a lease looks whether it is free.
  Duration look() {
    return Duration.ofMillis(Math.max(SHORTEST_LOOK, renew.toMillis() / LOOKS));
  }
}
