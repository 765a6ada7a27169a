package vesper.prompt;

import java.util.Locale;

/// A part of a prompt as it was told.
///
/// @param kind of it
/// @param text its words; of the player's words those alone, without the marks around them
/// @param tokens of it in the prompt, counted or assumed
public record Section(Kind kind, String text, int tokens) {
  /// Kinds, in the order in which they are told.
  public enum Kind {
    /// How to answer.
    RULES,
    /// What may be shown.
    RATING,
    /// Who speaks.
    PERSONA,
    /// What is always true.
    CONSTANT_LORE,
    /// What was found for this answer.
    PASSAGES,
    /// What the speaker remembers.
    MEMORIES,
    /// What must not be forgotten.
    PINNED,
    /// How the world is now.
    STATE,
    /// What was said before.
    CONVERSATION,
    /// What the player says.
    INPUT,
    /// How the answer is written.
    FORM;

    /// Whether it is the same for every player.
    public boolean isStatic() {
      return compareTo(CONSTANT_LORE) <= 0;
    }

    /// Its name, as in `constant-lore`.
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// Returns the SHA-256 of the words in hexadecimal.
  public String sha256() {
    return Hashes.sha256(text);
  }
}
