package vesper.npc;

import java.util.Set;

/// One thing as it is in the world now.
///
/// @param id of the flag or entity and its version: it changes with the thing
/// @param text what people say of it, or see of it
/// @param kind which of the two
/// @param changed the later the thing changed the higher; 0 while it is as the pack has it
/// @param terms by which a question means it
record StateFact(String id, String text, Kind kind, long changed, Set<String> terms) {

  /// How people know it.
  enum Kind {
    /// They say it.
    SAID,
    /// They see it, where it stands.
    SEEN
  }

  /// Copies the terms.
  StateFact {
    terms = Set.copyOf(terms);
  }
}
