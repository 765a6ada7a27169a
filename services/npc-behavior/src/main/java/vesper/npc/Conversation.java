package vesper.npc;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A talk of a player with a person.
///
/// @param id UUIDv7
/// @param pair the two who talk, and where
/// @param startedAt real time of its first turn
/// @param lastTurnAt real time of its last turn
/// @param end when and why it ended; empty while it goes on
/// @param turns said so far
/// @param moved how far it has moved the person's feelings
/// @param subject id of what was asked about last
record Conversation(
    String id,
    Pair pair,
    Instant startedAt,
    Instant lastTurnAt,
    Optional<End> end,
    int turns,
    Relation moved,
    Optional<String> subject) {

  private static final int LONGEST_SUMMARY = 400;

  /// Who talks with whom.
  ///
  /// @param world where
  /// @param npc the person
  /// @param player the player
  record Pair(String world, String npc, String player) {}

  /// The end of a conversation.
  ///
  /// @param at real time
  /// @param summary what it was about, at most 400 characters
  record End(Instant at, String summary) {}

  static Conversation begun(String id, Pair pair, Instant now) {
    return new Conversation(
        id, pair, now, now, Optional.empty(), 0, Relation.NONE, Optional.empty());
  }

  boolean isOpen() {
    return end.isEmpty();
  }

  /// Whether nothing was said for so long that the talk is over.
  boolean isSilentAt(Instant now, Duration longest) {
    return isOpen() && turns > 0 && now.isAfter(lastTurnAt.plus(longest));
  }

  Conversation with(Turn turn, Relation movedNow, Optional<String> askedAbout) {
    return new Conversation(
        id,
        pair,
        startedAt,
        turn.saidAt(),
        end,
        turn.number(),
        moved.and(movedNow),
        askedAbout.or(() -> subject));
  }

  Conversation ended(Instant at, List<Turn> said) {
    return new Conversation(
        id,
        pair,
        startedAt,
        lastTurnAt,
        Optional.of(new End(at, summary(said))),
        turns,
        moved,
        subject);
  }

  private static String summary(List<Turn> said) {
    var notes =
        said.stream().flatMap(turn -> turn.notes().stream()).distinct().collect(joining("; "));
    var count = said.size() == 1 ? "1 turn" : said.size() + " turns";
    return Texts.shorten(notes.isEmpty() ? count : count + ": " + notes, LONGEST_SUMMARY);
  }
}
