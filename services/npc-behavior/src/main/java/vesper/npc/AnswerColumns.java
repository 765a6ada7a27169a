package vesper.npc;

import vesper.ai.v1.AnswerPath;
import vesper.ai.v1.DegradeReason;

/// The contract's words about answers as the tables keep them: without their prefix.
final class AnswerColumns {
  private static final String PATH = "ANSWER_PATH_";
  private static final String REASON = "DEGRADE_REASON_";

  private AnswerColumns() {}

  static String word(AnswerPath path) {
    return path.name().substring(PATH.length());
  }

  static AnswerPath path(String word) {
    return AnswerPath.valueOf(PATH + word);
  }

  static String word(DegradeReason reason) {
    return reason.name().substring(REASON.length());
  }

  static DegradeReason reason(String word) {
    return DegradeReason.valueOf(REASON + word);
  }
}
