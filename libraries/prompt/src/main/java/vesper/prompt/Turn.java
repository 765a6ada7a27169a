package vesper.prompt;

/// Something that was said.
///
/// @param bySpeaker whether the one who answers said it, or else the player
public record Turn(boolean bySpeaker, String text) {
  String line(String speaker) {
    return (bySpeaker ? speaker : "Player") + ": " + text + "\n";
  }
}
