package vesper.npc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// The vector of a text, of length 1, and the model that made it.
final class Vector {
  private final String model;
  private final float[] values;

  private Vector(String model, float[] values) {
    this.model = model;
    this.values = values;
  }

  static Vector of(String model, List<Float> values) {
    var copy = new float[values.size()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = values.get(i);
    }
    return new Vector(model, copy);
  }

  /// Reads a vector as [#bytes] gives it.
  static Vector read(String model, byte[] bytes) {
    var values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return new Vector(model, values);
  }

  String model() {
    return model;
  }

  /// Returns its numbers as float32, little-endian.
  byte[] bytes() {
    var bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  /// Returns the cosine of two vectors; 0 when they are not of one model.
  double cosine(Vector other) {
    if (!model.equals(other.model) || values.length != other.values.length) {
      return 0;
    }
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += values[i] * other.values[i];
    }
    return sum;
  }
}
