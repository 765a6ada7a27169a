package vesper.npc;

import java.util.List;
import vesper.ai.v1.AnswerPath;
import vesper.ai.v1.DegradeReason;

/// What came of asking a model for words.
sealed interface Spoken {

  /// No word of a model was shown: the script answers.
  ///
  /// @param reason why
  record Nothing(DegradeReason reason) implements Spoken {}

  /// A model's words were shown.
  ///
  /// @param text all of them, with the scripted line that ended them if one did
  /// @param path whether they are new
  /// @param reason why they are not the best that could be
  /// @param ending how they ended
  /// @param inputTokens that the model read
  /// @param outputTokens that the model wrote
  /// @param cited numbers of the passages they cite
  /// @param proposals what the model wants to do
  record Words(
      String text,
      AnswerPath path,
      DegradeReason reason,
      Origin.Ending ending,
      int inputTokens,
      int outputTokens,
      List<Integer> cited,
      List<Proposal> proposals)
      implements Spoken {

    /// Copies the lists.
    public Words {
      cited = List.copyOf(cited);
      proposals = List.copyOf(proposals);
    }
  }
}
