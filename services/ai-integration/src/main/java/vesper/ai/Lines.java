package vesper.ai;

import vesper.ai.v1.GenerateRequest;

/// The words that stand in for a model's: the caller's, or else some that fit anybody.
final class Lines {
  private static final String ANSWER = "I have nothing to say to that right now.";
  private static final String CLOSING = "But enough of that.";

  private Lines() {}

  /// The whole answer.
  static String answer(GenerateRequest request) {
    String own = request.getFallback().getText();
    return own.isBlank() ? ANSWER : own;
  }

  /// The end of an answer that a model began.
  ///
  /// @param shown what it ends
  static String closing(GenerateRequest request, String shown) {
    String own = request.getFallback().getClosing();
    String line = own.isBlank() ? CLOSING : own.strip();
    String begun = shown.stripTrailing();
    if (begun.isEmpty()) {
      return line;
    }
    boolean whole = ".!?…。！？\"”’)]".indexOf(begun.charAt(begun.length() - 1)) >= 0;
    String gap = begun.length() < shown.length() ? "" : " ";
    return whole ? gap + line : "… " + line;
  }
}
