package vesper.npc;

import java.util.List;

/// What is found out about a player's words before they are answered, beside what the two know of
/// each other.
///
/// @param lore what the world's documents say
/// @param state how the world is, where the person is
/// @param memories what comes to mind, best first; empty when nobody needs it
record Surroundings(Lore lore, List<StateFact> state, List<Memories.Found> memories) {

  static final Surroundings NONE = new Surroundings(Lore.UNKNOWN, List.of(), List.of());

  /// Copies the lists.
  Surroundings {
    state = List.copyOf(state);
    memories = List.copyOf(memories);
  }
}
