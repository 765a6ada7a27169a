package vesper.ai;

import java.util.List;
import vesper.ai.v1.TokenUsage;
import vesper.prompt.TokenCounter;

/// Something that runs a model.
interface Backend {
  /// Begins a generation and returns at once; what comes of it is told to the sink by another
  /// thread.
  Running stream(Call call, Sink sink);

  /// Counts tokens as the model does, as well as that is known.
  TokenCounter counter();

  /// Whether a generation would begin at once, and not after the model was loaded.
  boolean loaded();

  /// What is asked of a model.
  ///
  /// @param system what it is told first; empty for a model that only continues `user`
  /// @param user what it is told then
  /// @param maxTokens of its answer
  /// @param stop texts that end its answer
  /// @param seed of its randomness
  record Call(
      String system,
      String user,
      int maxTokens,
      double temperature,
      double topP,
      List<String> stop,
      int seed) {}

  /// Hears of one generation: tokens, then exactly one end. A sink that cannot take more blocks.
  interface Sink {
    /// The model wrote something.
    void token(String text);

    /// Nothing more comes, and what the generation needed is free again.
    void end(End end);
  }

  /// A generation that was begun.
  interface Running {
    /// Stops it, if it still runs, within 100 ms, and returns at once.
    void cancel();
  }

  /// How a generation ended.
  sealed interface End {
    /// The model said all, or reached the limit of tokens.
    ///
    /// @param cut whether it reached the limit
    /// @param usage tokens; the default instance when nobody counted
    record Complete(boolean cut, TokenUsage usage) implements End {}

    /// It did not come to its end.
    record Failed(Failure failure) implements End {}
  }
}
