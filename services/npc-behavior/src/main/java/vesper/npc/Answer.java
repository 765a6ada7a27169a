package vesper.npc;

import java.util.List;
import java.util.Optional;
import vesper.pack.v1.Emotion;
import vesper.pack.v1.Intent;

/// What a person says, and what comes of it.
///
/// @param text all of it
/// @param lines ids of what was said, so that it is not said again
/// @param intent what was answered
/// @param emotion what shows, if anything does
/// @param change what it does to the person's feelings, before any limit
/// @param memories ids of what was remembered in it
/// @param subject id of what was asked about
/// @param citations what it quotes
record Answer(
    String text,
    List<String> lines,
    Intent intent,
    Optional<Emotion> emotion,
    Relation change,
    List<String> memories,
    Optional<String> subject,
    List<Citation> citations) {

  /// Copies the lists.
  Answer {
    lines = List.copyOf(lines);
    memories = List.copyOf(memories);
    citations = List.copyOf(citations);
  }

  /// Whether the person takes leave.
  boolean isFarewell() {
    return intent == Intent.INTENT_FAREWELL;
  }
}
