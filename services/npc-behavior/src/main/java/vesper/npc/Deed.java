package vesper.npc;

import java.util.Optional;

/// What a person did while it answered, or wanted to.
///
/// @param kind as in `change_relation`
/// @param refused why it did not happen; empty when it is committed with the turn
record Deed(String kind, Optional<String> refused) {

  static final String CHANGE_RELATION = "change_relation";

  private static final String ENOUGH = "the talk has moved the relation as far as a talk can";

  static Deed done(String kind) {
    return new Deed(kind, Optional.empty());
  }

  static Deed refused(String kind, String reason) {
    return new Deed(kind, Optional.of(reason));
  }

  /// A change of feelings that happened as far as a talk allows, or not at all.
  static Deed changeOfRelation(boolean moved) {
    return moved ? done(CHANGE_RELATION) : refused(CHANGE_RELATION, ENOUGH);
  }
}
