package vesper.npc;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How things are between a person and a player when the player speaks.
///
/// @param conversation that goes on, or has just begun
/// @param turns of it, oldest first
/// @param recent ids of what was said in the last five answers to this player
/// @param firstMeeting whether there was no conversation before this one
/// @param known what the player has told
/// @param relation how the person stands to the player; empty when they never met
record Encounter(
    Conversation conversation,
    List<Turn> turns,
    Set<String> recent,
    boolean firstMeeting,
    KnownFacts known,
    Optional<Bond> relation) {

  /// Copies the collections.
  Encounter {
    turns = List.copyOf(turns);
    recent = Set.copyOf(recent);
  }

  /// How one stands to another since a moment.
  ///
  /// @param feelings at that moment
  /// @param since game time
  /// @param announced the standing that was last told to others
  /// @param version rises by one with each change
  record Bond(Relation feelings, long since, double announced, long version) {}
}
