package vesper.testing.vllm;

import java.time.Duration;

/// Checks of given values.
final class Range {
  private static final Duration LONGEST = Duration.ofHours(1);

  private Range() {}

  static void time(String name, Duration value) {
    require(!value.isNegative() && value.compareTo(LONGEST) <= 0, name + " must be 0 to an hour");
  }

  static void share(String name, double value) {
    require(value >= 0 && value <= 1, name + " must be 0 to 1");
  }

  static void require(boolean accepted, String form) {
    if (!accepted) {
      throw new IllegalArgumentException(form);
    }
  }
}
