package vesper.npc;

import java.util.function.DoubleBinaryOperator;

/// How one feels about another: trust, affection and respect from −100 to 100, fear from 0 to 100.
/// The same four numbers stand for a change of these feelings.
record Relation(double trust, double affection, double respect, double fear) {

  static final Relation NONE = new Relation(0, 0, 0, 0);

  /// Most that templates move a feeling in one turn.
  static final double MOST_IN_A_TURN = 5;

  /// Most that templates move a feeling in one talk.
  static final double MOST_IN_A_TALK = 15;

  private static final double SCALE = 100;
  private static final double HALF_LIFE_ABOVE_DAYS = 60;
  private static final double HALF_LIFE_BELOW_DAYS = 90;
  private static final double SECONDS_PER_DAY = 86_400;

  /// Returns all feelings in one number from −100 to 100.
  double standing() {
    return clamp(.40 * trust + .35 * affection + .25 * respect - .20 * fear, -SCALE, SCALE);
  }

  /// Returns the feelings after a time in which nothing happened: what is above the baseline halves
  /// in 60 game days, what is below it in 90.
  Relation settled(Relation baseline, long gameSeconds) {
    double days = Math.max(0, gameSeconds) / SECONDS_PER_DAY;
    return combined(
        baseline,
        (feeling, base) -> {
          double halfLife = feeling > base ? HALF_LIFE_ABOVE_DAYS : HALF_LIFE_BELOW_DAYS;
          return base + (feeling - base) * Math.pow(.5, days / halfLife);
        });
  }

  /// Returns the feelings after a change, within their scales.
  Relation plus(Relation change) {
    var sum = combined(change, Double::sum);
    return new Relation(
        clamp(sum.trust, -SCALE, SCALE),
        clamp(sum.affection, -SCALE, SCALE),
        clamp(sum.respect, -SCALE, SCALE),
        clamp(sum.fear, 0, SCALE));
  }

  /// Returns as much of this change as a talk still allows that has moved the feelings so far.
  Relation allowedAfter(Relation moved) {
    return combined(
        moved,
        (change, before) -> {
          double turn = clamp(change, -MOST_IN_A_TURN, MOST_IN_A_TURN);
          return clamp(before + turn, -MOST_IN_A_TALK, MOST_IN_A_TALK) - before;
        });
  }

  /// Returns the sum of two changes, which has no scale.
  Relation and(Relation change) {
    return combined(change, Double::sum);
  }

  private Relation combined(Relation other, DoubleBinaryOperator operator) {
    return new Relation(
        operator.applyAsDouble(trust, other.trust),
        operator.applyAsDouble(affection, other.affection),
        operator.applyAsDouble(respect, other.respect),
        operator.applyAsDouble(fear, other.fear));
  }

  private static double clamp(double value, double min, double max) {
    return Math.max(min, Math.min(max, value));
  }
}
