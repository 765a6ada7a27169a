package vesper.routing;

import java.time.Duration;
import java.util.Optional;

/// When an endpoint counts as bad or gone.
///
/// @param target of the time to the first token; empty when there is none
/// @param window calls that its breaker looks back on
/// @param least calls before the breaker judges
/// @param failed share of failed calls that opens the breaker
/// @param slow share of calls slower than twice the target that opens it
/// @param pause first time without any call once it is DOWN; it doubles
/// @param longestPause up to which it doubles
public record HealthRules(
    Optional<Duration> target,
    int window,
    int least,
    double failed,
    double slow,
    Duration pause,
    Duration longestPause) {
  /// The rules as they are specified, for an endpoint without a target.
  public static final HealthRules STANDARD =
      new HealthRules(
          Optional.empty(), 20, 5, .5, .8, Duration.ofSeconds(10), Duration.ofSeconds(60));

  /// Checks the ranges.
  public HealthRules {
    if (window < 1 || least < 1 || least > window) {
      throw new IllegalArgumentException("the breaker judges 1 to its window of calls");
    }
    if (failed <= 0 || failed > 1 || slow <= 0 || slow > 1) {
      throw new IllegalArgumentException("shares are more than 0 and at most 1");
    }
    if (!pause.isPositive() || longestPause.compareTo(pause) < 0) {
      throw new IllegalArgumentException("the pause is more than 0 and at most the longest pause");
    }
  }

  /// The same with a target.
  public HealthRules withTarget(Duration firstToken) {
    return new HealthRules(
        Optional.of(firstToken), window, least, failed, slow, pause, longestPause);
  }

  /// Whether a first token took longer than a multiple of the target.
  boolean exceeds(Duration firstToken, double factor) {
    return target.filter(mark -> firstToken.toNanos() > mark.toNanos() * factor).isPresent();
  }
}
