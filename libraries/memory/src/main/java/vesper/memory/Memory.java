package vesper.memory;

import java.util.Comparator;

/// Something one has seen, heard, thought or intends. Times are game seconds.
///
/// @param id unique within its stream
/// @param kind how it came to be
/// @param text what is remembered
/// @param importance 1 to 10
/// @param createdAt when it was made
/// @param lastUsedAt when it was last placed in an answer; looking at it does not count
/// @param pinned whether it is a candidate of every recall and is never merged away
/// @param superseded whether a newer memory states the same thing otherwise; such a one is not
///   recalled
public record Memory(
    String id,
    Kind kind,
    String text,
    int importance,
    long createdAt,
    long lastUsedAt,
    boolean pinned,
    boolean superseded) {

  /// Newer first, then by id: the order of memories that are otherwise equal.
  static final Comparator<Memory> NEWEST =
      Comparator.comparingLong(Memory::createdAt).reversed().thenComparing(Memory::id);

  /// How a memory came to be.
  public enum Kind {
    /// Seen or heard.
    OBSERVATION,
    /// Said in a talk.
    DIALOGUE,
    /// An insight from other memories.
    REFLECTION,
    /// Something intended.
    PLAN
  }

  /// Checks the importance.
  public Memory {
    if (importance < 1 || importance > 10) {
      throw new IllegalArgumentException("importance must be 1 to 10, not " + importance);
    }
  }
}
