package vesper.kb;

/// Somebody who can learn.
record Subject(Kind kind, String id) {
  /// What somebody is.
  enum Kind {
    NPC,
    PLAYER
  }
}
