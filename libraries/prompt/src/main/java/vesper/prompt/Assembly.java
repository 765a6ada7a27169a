package vesper.prompt;

/// What became of the parts of a prompt.
public sealed interface Assembly {
  /// They fit into the budget, some of them perhaps left out.
  record Fits(Prompt prompt) implements Assembly {}

  /// What may never be left out is longer than the budget.
  ///
  /// @param least tokens of it
  record TooLong(int least, int budget) implements Assembly {}
}
