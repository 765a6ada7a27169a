package vesper.npc;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What was said once, and the answer: enough to send it again as it was sent.
///
/// @param number in its conversation, from 1
/// @param utterance the player's words
/// @param answer the person's words
/// @param lines ids of what was said in the answer
/// @param notes what a summary says of it
/// @param manner how the answer was given
/// @param decision names the record of how the answer came about
/// @param gameSeconds game time
/// @param saidAt real time
/// @param over whether it ended the conversation
/// @param origin where the answer's words come from
record Turn(
    int number,
    String utterance,
    String answer,
    List<String> lines,
    List<String> notes,
    Manner manner,
    String decision,
    long gameSeconds,
    Instant saidAt,
    boolean over,
    Origin origin) {

  /// Copies the lists.
  Turn {
    lines = List.copyOf(lines);
    notes = List.copyOf(notes);
  }

  /// Returns this turn with what its answer cites.
  Turn citing(List<Citation> citations) {
    return new Turn(
        number,
        utterance,
        answer,
        lines,
        notes,
        manner,
        decision,
        gameSeconds,
        saidAt,
        over,
        origin.with(citations));
  }

  /// How an answer was given, beside its words.
  ///
  /// @param intent what was answered, as in `ask_about`
  /// @param feeling what showed
  /// @param deeds what the person did, or wanted to
  /// @param memories how many were used
  record Manner(String intent, Optional<Feeling> feeling, List<Deed> deeds, int memories) {
    /// Copies the deeds.
    Manner {
      deeds = List.copyOf(deeds);
    }
  }

  /// A feeling that shows.
  ///
  /// @param kind as in `warmth`
  /// @param intensity 0 to 1
  record Feeling(String kind, double intensity) {}
}
