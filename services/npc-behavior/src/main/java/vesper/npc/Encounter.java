package vesper.npc;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

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

  /// Returns the latest game time that is known of the two: no later turn is before it.
  long newestGameSeconds() {
    return LongStream.concat(
            LongStream.concat(
                turns.stream().mapToLong(Turn::gameSeconds),
                relation.stream().mapToLong(Bond::since)),
            known.facts().stream().mapToLong(fact -> fact.memory().createdAt()))
        .max()
        .orElse(0);
  }

  /// How one stands to another since a moment.
  ///
  /// @param feelings at that moment
  /// @param since game time
  /// @param announced the standing that was last told to others
  /// @param version rises by one with each change
  record Bond(Relation feelings, long since, double announced, long version) {

    /// Returns the feelings at a later moment.
    Relation at(long gameSeconds, Relation baseline) {
      return feelings.settled(baseline, gameSeconds - since);
    }

    /// Returns the bond after a change, which for two who never met begins at the baseline.
    static Bond moved(Optional<Bond> before, Relation baseline, Relation change, long gameSeconds) {
      var feelings = before.map(bond -> bond.at(gameSeconds, baseline)).orElse(baseline);
      return new Bond(
          feelings.plus(change),
          before.map(bond -> Math.max(bond.since, gameSeconds)).orElse(gameSeconds),
          before.map(Bond::announced).orElse(baseline.standing()),
          before.map(Bond::version).orElse(0L) + 1);
    }
  }
}
