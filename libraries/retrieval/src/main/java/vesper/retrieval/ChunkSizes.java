package vesper.retrieval;

/// How long chunks are, in tokens.
///
/// @param target from which on a chunk is long enough
/// @param max which a chunk of sentences does not pass, but to take in a tail
/// @param min below which the last chunk of a section joins the one before
/// @param overlap most of a chunk's end that the next one begins with
/// @param whole up to which a table or a block of code is not cut
public record ChunkSizes(int target, int max, int min, int overlap, int whole) {
  /// The usual sizes.
  public static final ChunkSizes USUAL = new ChunkSizes(300, 400, 80, 45, 480);

  /// Checks that the sizes go together.
  public ChunkSizes {
    if (target < 1 || max < target || min > target || overlap >= target || whole < max) {
      throw new IllegalArgumentException("min, overlap < target <= max <= whole");
    }
  }
}
