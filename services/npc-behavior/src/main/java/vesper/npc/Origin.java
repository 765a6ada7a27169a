package vesper.npc;

import java.util.List;
import vesper.ai.v1.AnswerPath;
import vesper.ai.v1.DegradeReason;

/// Where the words of an answer come from.
///
/// @param path who made them
/// @param degraded why they are not the best that could be
/// @param ending how they ended
/// @param passages how many passages they were built from
/// @param inputTokens that a model read
/// @param outputTokens that a model wrote
/// @param citations what they cite
record Origin(
    AnswerPath path,
    DegradeReason degraded,
    Ending ending,
    int passages,
    int inputTokens,
    int outputTokens,
    List<Citation> citations) {

  /// How words ended.
  enum Ending {
    /// Everything was said.
    COMPLETE,
    /// A model broke off, and a scripted line ended them.
    TRUNCATED,
    /// The rest was not fit to be said, and a scripted line ended them.
    GUARD
  }

  /// Copies the citations.
  Origin {
    citations = List.copyOf(citations);
  }

  /// Words of the world's script.
  static Origin scripted(DegradeReason reason, List<Citation> citations) {
    return new Origin(
        AnswerPath.ANSWER_PATH_SCRIPTED,
        reason,
        Ending.COMPLETE,
        citations.size(),
        0,
        0,
        citations);
  }

  Origin with(List<Citation> cited) {
    return new Origin(path, degraded, ending, passages, inputTokens, outputTokens, cited);
  }
}
