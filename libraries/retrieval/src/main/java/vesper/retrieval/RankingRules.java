package vesper.retrieval;

/// How passages are ranked.
///
/// @param rankConstant added to each rank when lists are fused
/// @param candidates most that each list has
/// @param exactBelow up to as many visible passages all vectors are compared
/// @param duplicateCosine above which two passages say the same
public record RankingRules(
    int rankConstant, int candidates, int exactBelow, double duplicateCosine) {
  /// The usual rules.
  public static final RankingRules USUAL = new RankingRules(60, 100, 5_000, .95);
}
