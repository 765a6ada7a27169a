package vesper.routing;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.OptionalDouble;

/// How much a moment matters.
///
/// @param tenThousandths 0 to 10,000
public record Importance(int tenThousandths) {
  private static final BigDecimal RANK_STEP = new BigDecimal("0.15");
  private static final BigDecimal DISTANCE_SHARE = new BigDecimal("0.25");
  private static final BigDecimal TENSION_SHARE = new BigDecimal("0.20");
  private static final BigDecimal ADDRESSED_SHARE = new BigDecimal("0.10");
  private static final BigDecimal FAR = new BigDecimal("35");
  private static final int SCALE = 4;

  /// Checks the range.
  public Importance {
    if (tenThousandths < 0 || tenThousandths > 10_000) {
      throw new IllegalArgumentException("importance must be 0 to 10000 ten-thousandths");
    }
  }

  /// Returns .45·rank/3 + .25·max(0, 1 − distance/35 m) + .20·tension + .10·addressed, rounded half
  /// up.
  ///
  /// @param distanceMeters between player and speaker, 0 or more; 35 when empty
  /// @param tension 0 to 1
  /// @param addressed whether the player speaks to the speaker
  public static Importance of(
      Rank rank, OptionalDouble distanceMeters, double tension, boolean addressed) {
    BigDecimal distance = BigDecimal.valueOf(distanceMeters.orElse(FAR.doubleValue()));
    BigDecimal nearness =
        BigDecimal.ONE.subtract(distance.divide(FAR, MathContext.DECIMAL64)).max(BigDecimal.ZERO);
    BigDecimal value =
        RANK_STEP
            .multiply(BigDecimal.valueOf(rank.weight()))
            .add(DISTANCE_SHARE.multiply(nearness))
            .add(TENSION_SHARE.multiply(BigDecimal.valueOf(tension)))
            .add(addressed ? ADDRESSED_SHARE : BigDecimal.ZERO);
    return new Importance(
        value
            .max(BigDecimal.ZERO)
            .min(BigDecimal.ONE)
            .setScale(SCALE, RoundingMode.HALF_UP)
            .unscaledValue()
            .intValueExact());
  }

  /// 0 to 1.
  public double value() {
    return tenThousandths / 10_000.0;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.4f", value());
  }
}
