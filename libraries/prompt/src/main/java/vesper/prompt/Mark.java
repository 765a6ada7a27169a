package vesper.prompt;

/// The line before and after the player's words, which a player cannot guess and so cannot forge.
///
/// @param text of the line
public record Mark(String text) {
  private static final int LENGTH = 16;

  /// Returns the mark of one call: of its seed, by HMAC-SHA-256.
  ///
  /// @param secret of the installation, at least one byte
  public static Mark of(byte[] secret, long seed) {
    return new Mark(Hashes.hmac(secret, seed).substring(0, LENGTH));
  }
}
