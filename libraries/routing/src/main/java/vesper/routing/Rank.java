package vesper.routing;

/// How much an NPC matters to the story, the least first.
public enum Rank {
  /// One of a crowd.
  AMBIENT(0),
  /// Named.
  MINOR(1),
  /// Carries a quest.
  ELITE(2),
  /// Carries an arc.
  MAJOR(3);

  private final int weight;

  Rank(int weight) {
    this.weight = weight;
  }

  /// 0 to 3.
  int weight() {
    return weight;
  }
}
