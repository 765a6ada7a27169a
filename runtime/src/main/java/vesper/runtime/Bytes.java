package vesper.runtime;

/// A size, in a settings file `512B`, `64KiB`, `256MiB` or `8GiB`.
///
/// @param count bytes
public record Bytes(long count) {
  /// Checks the count.
  public Bytes {
    if (count < 0) {
      throw new IllegalArgumentException("a size is not negative");
    }
  }

  /// Returns the count where an array or a buffer needs it.
  public int asInt() {
    return Math.toIntExact(count);
  }
}
