package vesper.transport;

import java.time.Duration;

/// Checks of settings.
final class Settings {
  private Settings() {}

  static Duration positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException("%s must be positive, not %s".formatted(name, value));
    }
    return value;
  }

  static int positive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s must be positive, not %d".formatted(name, value));
    }
    return value;
  }
}
