package vesper.kb;

/// How sure something is, the least sure first.
enum Certainty {
  /// Told, and maybe false.
  RUMOUR(0),
  /// Made up by the narrator.
  NARRATOR(1),
  /// It happened in the world.
  WORLD_EVENT(2),
  /// It is so.
  CANON(3);

  private final int rank;

  Certainty(int rank) {
    this.rank = rank;
  }

  /// Returns a number that is higher for what is surer.
  int rank() {
    return rank;
  }
}
