package vesper.prompt;

import java.util.List;

/// The part of a prompt that changes with the player and the moment.
///
/// @param speaker name of who answers
/// @param found what was looked up for this answer
/// @param turns what was said before, oldest first
/// @param input what the player says now
/// @param form how the answer is written
public record Scene(String speaker, Found found, List<Turn> turns, String input, String form) {
  /// Copies the list.
  public Scene {
    turns = List.copyOf(turns);
  }

  /// What was looked up.
  ///
  /// @param passages best first
  /// @param memories best first
  /// @param pinned promises and quests: never left out
  /// @param state how the world is now, the most needed first
  public record Found(
      List<Passage> passages, List<String> memories, List<String> pinned, List<String> state) {
    /// Nothing.
    public static final Found NOTHING = new Found(List.of(), List.of(), List.of(), List.of());

    /// Copies the lists.
    public Found {
      passages = List.copyOf(passages);
      memories = List.copyOf(memories);
      pinned = List.copyOf(pinned);
      state = List.copyOf(state);
    }
  }
}
