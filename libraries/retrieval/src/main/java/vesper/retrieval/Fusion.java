package vesper.retrieval;

/// Reciprocal rank fusion: what stands high in several lists comes first.
final class Fusion {
  // Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank
  // Learning Methods" (2009): Σ over lists of w / (k + rank). All lists weigh 1 here.

  private final int rankConstant;

  Fusion(int rankConstant) {
    this.rankConstant = rankConstant;
  }

  /// Returns the score of what has these ranks, each from 1, or 0 where it is not in the list.
  double score(int... ranks) {
    double score = 0;
    for (int rank : ranks) {
      score += rank == 0 ? 0 : 1. / (rankConstant + rank);
    }
    return score;
  }
}
