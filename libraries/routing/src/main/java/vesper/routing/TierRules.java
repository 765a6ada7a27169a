package vesper.routing;

import java.time.Duration;

/// Where the tiers part.
///
/// @param low importance below which GOLD answers
/// @param high importance from which SILVER answers
/// @param upshift importance from which a conversation leaves GOLD for SILVER
/// @param degraded what is added to low and high for new conversations while SILVER answers badly
/// @param pinMin shortest time between two changes of a conversation's tier while endpoints answer
/// @param pinIdle time without a call after which a conversation is over
/// @param most conversations that are remembered
public record TierRules(
    double low,
    double high,
    double upshift,
    double degraded,
    Duration pinMin,
    Duration pinIdle,
    int most) {
  /// The rules as they are specified.
  public static final TierRules STANDARD =
      new TierRules(.45, .55, .70, .20, Duration.ofSeconds(30), Duration.ofMinutes(10), 100_000);

  /// Checks the order.
  public TierRules {
    if (low < 0 || low > high || high > upshift || upshift > 1) {
      throw new IllegalArgumentException("0, low, high, upshift and 1 must be in this order");
    }
    if (degraded < 0 || pinMin.isNegative() || !pinIdle.isPositive() || most < 1) {
      throw new IllegalArgumentException("times and counts must not be negative");
    }
  }
}
