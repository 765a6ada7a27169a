package vesper.memory;

import static java.util.stream.Collectors.summarizingDouble;

import java.util.List;
import java.util.function.ToDoubleFunction;

/// How strongly a memory comes to mind: three parts of equal weight, as in "Generative Agents:
/// Interactive Simulacra of Human Behavior" (Park et al., 2023, section 4.1).
///
/// @param recency by the time since it was last used
/// @param importance by its own weight
/// @param relevance by the words it shares with the query
public record Score(double recency, double importance, double relevance) {

  private static final double RECENCY_PER_HOUR = .995;
  private static final double SECONDS_PER_HOUR = 3600;
  private static final double ALL_EQUAL = .5;

  /// Returns the sum of the parts.
  public double total() {
    return recency + importance + relevance;
  }

  /// Returns the raw recency of something last used some game seconds ago: 1 now, and .995 of it
  /// each game hour. An age below zero counts as now.
  static double recency(long ageSeconds) {
    return ageSeconds <= 0 ? 1 : Math.pow(RECENCY_PER_HOUR, ageSeconds / SECONDS_PER_HOUR);
  }

  /// Scales each part to 0..1 over all of them; a part that is the same in all becomes .5.
  static List<Score> scaled(List<Score> raw) {
    var recency = scale(raw, Score::recency);
    var importance = scale(raw, Score::importance);
    var relevance = scale(raw, Score::relevance);
    return raw.stream()
        .map(score ->
            new Score(
                recency.applyAsDouble(score),
                importance.applyAsDouble(score),
                relevance.applyAsDouble(score)))
        .toList();
  }

  private static ToDoubleFunction<Score> scale(List<Score> raw, ToDoubleFunction<Score> part) {
    var range = raw.stream().collect(summarizingDouble(part));
    double width = range.getMax() - range.getMin();
    return score -> width > 0 ? (part.applyAsDouble(score) - range.getMin()) / width : ALL_EQUAL;
  }
}
