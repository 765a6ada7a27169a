package vesper.prompt;

import java.util.List;

/// The part of a prompt that is the same for every player: it comes first, so that a model that
/// remembers beginnings reads it once. It holds no clock, no id and no data of a player.
///
/// @param rules how to answer
/// @param rating what may be shown
/// @param persona who speaks
/// @param lore what is always true, the most needed first
public record Foundation(String rules, String rating, String persona, List<String> lore) {
  /// Copies the list.
  public Foundation {
    lore = List.copyOf(lore);
  }

  /// Returns the SHA-256 of it all in hexadecimal, which is known before a prompt is cut to a
  /// model.
  public String sha256() {
    return Hashes.sha256(String.join("\n\n", rules, rating, persona, String.join("\n", lore)));
  }
}
