package vesper.npc;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// All that an answer depends on beside the words. It holds what this player told, and nothing of
/// any other.
///
/// @param part the person who answers
/// @param moment the time, unless nobody knows it
/// @param relation how the person stands to the player
/// @param firstMeeting whether the two never talked before this talk
/// @param known what the player has told, also just now
/// @param told the facts of it that were told just now
/// @param said what the person has said
/// @param last what was asked about last in this talk
/// @param tidings what may be said of the world
record Scene(
    Part part,
    Optional<Moment> moment,
    Relation relation,
    boolean firstMeeting,
    KnownFacts known,
    List<KnownFacts.Known> told,
    Said said,
    Optional<Subject> last,
    Tidings tidings) {

  /// Copies what was told.
  Scene {
    told = List.copyOf(told);
  }

  /// Whether the person lets on that it knows something: a secret is denied to those who stand too
  /// low.
  static boolean isOpen(Subject subject, Relation relation) {
    return !(subject instanceof Subject.Known(var topic))
        || !topic.getSecret()
        || relation.standing() >= topic.getMinStanding();
  }

  /// Memories of what was told just now.
  Set<String> fresh() {
    return told.stream().map(known -> known.memory().id()).collect(toUnmodifiableSet());
  }
}
