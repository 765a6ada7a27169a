package vesper.retrieval;

import java.util.Optional;
import org.apache.lucene.util.VectorUtil;

/// What a text means, as a vector of length 1. Only vectors of one model may be compared.
public final class UnitVector {
  private static final double SMALLEST_LENGTH = 1e-6;

  private final float[] values;

  private UnitVector(float[] values) {
    this.values = values;
  }

  /// Brings a vector to length 1; empty for one that has no direction: zero, or not of finite
  /// numbers.
  public static Optional<UnitVector> of(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    double length = Math.sqrt(squares);
    if (!Double.isFinite(length) || length < SMALLEST_LENGTH) {
      return Optional.empty();
    }
    var unit = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      unit[i] = (float) (values[i] / length);
    }
    return Optional.of(new UnitVector(unit));
  }

  /// Returns the number of components.
  public int dimensions() {
    return values.length;
  }

  /// Returns the components.
  public float[] toArray() {
    return values.clone();
  }

  /// Returns the cosine of the angle to another vector of as many components: 1 for the same
  /// direction.
  public double cosine(UnitVector other) {
    return VectorUtil.dotProduct(values, other.values);
  }
}
