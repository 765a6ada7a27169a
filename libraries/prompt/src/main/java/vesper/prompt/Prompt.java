package vesper.prompt;

import java.util.List;

/// What a model is told.
///
/// @param prefix the part that is the same for every player
/// @param rest the part that is not
/// @param sections all parts in their order, without empty ones
/// @param trimmed what was left out
public record Prompt(String prefix, String rest, List<Section> sections, Trimmed trimmed) {
  /// What was left out for want of room.
  ///
  /// @param lore pieces of what is always true
  /// @param passages the last of them
  /// @param memories the last of them
  /// @param state the last of them
  /// @param turns the oldest
  public record Trimmed(int lore, int passages, int memories, int state, int turns) {}

  /// Tokens of it all.
  public int tokens() {
    return sections.stream().mapToInt(Section::tokens).sum();
  }

  /// Returns the SHA-256 of the prefix in hexadecimal: calls that share it share the work of
  /// reading it.
  public String prefixSha256() {
    return Hashes.sha256(prefix);
  }
}
