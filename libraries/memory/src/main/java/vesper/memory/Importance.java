package vesper.memory;

import java.util.EnumMap;
import java.util.Map;

/// How much what happens weighs when no model judges it: a table of points, one more where a player
/// is involved, 10 at most.
///
/// @param points 1 to 10 for every kind of happening
public record Importance(Map<Happening, Integer> points) {

  private static final int MOST = 10;

  /// What can happen, with the points that count unless a world says otherwise.
  public enum Happening {
    /// Small talk.
    TALK(1),
    /// The weather turns.
    WEATHER(1),
    /// A greeting.
    GREETING(2),
    /// A trade.
    TRADE(3),
    /// Something personal is told.
    CONFIDENCE(4),
    /// An insult.
    INSULT(5),
    /// A promise.
    PROMISE(6),
    /// A betrayal.
    BETRAYAL(8),
    /// An ally dies.
    DEATH_OF_ALLY(9),
    /// The own life is threatened.
    THREAT_TO_LIFE(10);

    private final int points;

    Happening(int points) {
      this.points = points;
    }
  }

  /// Copies the points; those that are missing are the usual ones.
  public Importance {
    Map<Happening, Integer> all = new EnumMap<>(Happening.class);
    for (var happening : Happening.values()) {
      int given = points.getOrDefault(happening, happening.points);
      if (given < 1 || given > MOST) {
        throw new IllegalArgumentException(happening + " must weigh 1 to 10, not " + given);
      }
      all.put(happening, given);
    }
    points = Map.copyOf(all);
  }

  /// Returns the importance of something that happens.
  public int of(Happening happening, boolean playerInvolved) {
    return Math.min(
        MOST, points.getOrDefault(happening, happening.points) + (playerInvolved ? 1 : 0));
  }
}
