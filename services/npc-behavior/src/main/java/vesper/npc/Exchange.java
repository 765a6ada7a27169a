package vesper.npc;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import vesper.memory.Recall.Recalled;

/// One turn of a talk: what is answered to a player's words, and all that comes of it. It is
/// computed from what is known at the moment and changes nothing itself.
///
/// @param turn what was said
/// @param conversation after it
/// @param memories that it makes
/// @param recalled memories that the answer is built on, best first
/// @param moved how far it moves the person's feelings
record Exchange(
    Turn turn,
    Conversation conversation,
    List<Remembered> memories,
    List<Recalled> recalled,
    Relation moved) {

  /// When and where words are said.
  ///
  /// @param moment the time in words, unless nobody knows it
  /// @param gameSeconds the time, at least as good as it is known
  /// @param now real time
  /// @param ids makes ids of memories and decisions
  /// @param mostTurns after which a talk is over
  record Now(
      Optional<Moment> moment,
      long gameSeconds,
      Instant now,
      Supplier<String> ids,
      int mostTurns) {}

  /// Ids of the memories that the answer is built on.
  List<String> used() {
    return recalled.stream().map(each -> each.memory().id()).toList();
  }
}
