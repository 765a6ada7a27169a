package vesper.npc;

import java.util.List;
import vesper.guard.ClosedTerms;

/// What the world's documents say to a player's words, as far as it is open to both.
///
/// @param known whether it is known what is closed; without that no model may be asked
/// @param passages best first
/// @param terms words that must not be said
/// @param closed the same, compiled
record Lore(boolean known, List<Passage> passages, List<String> terms, ClosedTerms closed) {

  /// Nobody told anything.
  static final Lore UNKNOWN = new Lore(false, List.of(), List.of(), ClosedTerms.NONE);

  /// Copies the lists.
  Lore {
    passages = List.copyOf(passages);
    terms = List.copyOf(terms);
  }

  boolean isOpen(String text) {
    return terms.isEmpty() || closed.find(text).isEmpty();
  }
}
