package vesper.prompt;

/// The tokens that prompt and answer of a model share.
///
/// @param tokens both together
public record Window(int tokens) {
  /// Tokens kept free for what the model's own template adds.
  public static final int RESERVE = 256;

  /// Fewest tokens of an answer worth asking for.
  public static final int LEAST_ROOM = 32;

  private static final int CROWDED_TENTHS = 9;

  /// Returns how many tokens an answer may have after a prompt; negative when the prompt alone is
  /// too long.
  ///
  /// @param input tokens of the prompt
  /// @param cap of the answer
  public int room(int input, int cap) {
    return Math.min(tokens - input - RESERVE, cap);
  }

  /// Returns how many tokens a prompt may have so that an answer has the wanted number, or at least
  /// the smallest worth asking for.
  public int budget(int wanted) {
    return tokens - RESERVE - Math.max(LEAST_ROOM, wanted);
  }

  /// Whether what was said so far must be told in fewer words before more is added: more than nine
  /// tenths would be full.
  public boolean crowded(int used, int added) {
    return 10L * ((long) used + added) > (long) CROWDED_TENTHS * (tokens - RESERVE);
  }
}
