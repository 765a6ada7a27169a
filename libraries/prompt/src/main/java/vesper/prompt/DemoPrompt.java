package vesper.prompt;

/// The prompt of a model too small for instructions, which only continues what it reads.
public final class DemoPrompt {
  /// Tokens kept for the continuation.
  public static final int ROOM = 128;

  private DemoPrompt() {}

  /// Returns the speaker's name and the player's words, of which the first are left out when all of
  /// them do not fit into the context.
  ///
  /// @param context tokens of prompt and continuation together
  public static String of(String speaker, String utterance, int context, TokenCounter counter) {
    int most = Math.max(1, context - ROOM);
    String name = speaker.isEmpty() ? "" : speaker + ": ";
    int from = 0;
    int to = utterance.length();
    // The fewest characters whose loss is enough; to always fits, or is all there is to lose.
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (counter.count(name + utterance.substring(middle)) <= most) {
        to = middle;
      } else {
        from = middle + 1;
      }
    }
    if (to < utterance.length() && to > 0 && Character.isLowSurrogate(utterance.charAt(to))) {
      to++;
    }
    return name + utterance.substring(to);
  }
}
