package vesper.routing;

import java.time.Duration;

/// How long a call may wait for the endpoint that its key belongs to: at most `factor` times the
/// mean wait of all, and `slack` more.
public record Affinity(double factor, Duration slack) {
  /// As specified.
  public static final Affinity STANDARD = new Affinity(1.25, Duration.ofMillis(500));

  /// Checks the ranges.
  public Affinity {
    if (factor < 1 || slack.isNegative()) {
      throw new IllegalArgumentException("the factor is 1 or more and the slack not negative");
    }
  }
}
