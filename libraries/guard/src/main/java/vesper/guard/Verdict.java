package vesper.guard;

/// What a rule found in a text, and what follows from it.
///
/// @param rule name of the rule, as in `closed-term`
/// @param place which text it was
/// @param action what follows
/// @param start first character of what was found
/// @param end character after the last
public record Verdict(String rule, Place place, Action action, int start, int end) {

  /// Which text a verdict is about.
  public enum Place {
    /// Words on their way into a prompt.
    INPUT,
    /// Words on their way to a player.
    OUTPUT
  }

  /// What follows from a finding.
  public enum Action {
    /// Nothing: it is only noted.
    ALLOW,
    /// The text was made harmless.
    NEUTRALISE,
    /// The text must not be used.
    BLOCK
  }

  static Verdict output(String rule, int start, int end) {
    return new Verdict(rule, Place.OUTPUT, Action.BLOCK, start, end);
  }
}
