package vesper.runtime;

import java.time.Duration;

/// How long something must be so before the process believes it.
///
/// @param failure failing without a break for so long makes it not ready
/// @param success working without a break for so long makes it ready again
record HealthSettings(@Setting("5s") Duration failure, @Setting("3s") Duration success) {
  HealthSettings {
    if (failure.isNegative() || success.isNegative()) {
      throw new IllegalArgumentException("failure and success must not be negative");
    }
  }
}
