package vesper.world;

/// What a flag is.
sealed interface Reading {
  /// Yes or no.
  record Truth(boolean holds) implements Reading {}

  /// A count.
  record Count(long number) implements Reading {}

  /// One word of several.
  record Word(String text) implements Reading {}

  /// Whether another one could follow this.
  default boolean isLike(Reading other) {
    return getClass().equals(other.getClass());
  }

  /// Returns what a flag of this kind is, for people.
  default String kind() {
    return switch (this) {
      case Truth _ -> "true or false";
      case Count _ -> "a number";
      case Word _ -> "a word";
    };
  }
}
