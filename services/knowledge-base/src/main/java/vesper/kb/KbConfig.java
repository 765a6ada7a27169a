package vesper.kb;

import java.time.Duration;
import vesper.retrieval.ChunkSizes;
import vesper.retrieval.RankingRules;
import vesper.runtime.Setting;

/// Settings of the knowledge.
///
/// @param chunk how long passages are
/// @param rrfK added to each rank when lists are fused
/// @param candidates most passages of a list
/// @param exactBelow open passages up to which all vectors are compared
/// @param refresh how soon a change made at another replica is seen
/// @param batch most texts that are made vectors of at a time
/// @param queryPatience longest time that a search waits for the vector of its query
record KbConfig(
    Sizes chunk,
    @Setting("60") int rrfK,
    @Setting("100") int candidates,
    @Setting("5000") int exactBelow,
    @Setting("1s") Duration refresh,
    @Setting("32") int batch,
    @Setting("60ms") Duration queryPatience) {
  private static final int WHOLE = 480;
  private static final double DUPLICATE_COSINE = .95;

  KbConfig {
    require(rrfK >= 1 && rrfK <= 1_000, "rrf-k must be 1 to 1000");
    require(candidates >= 50 && candidates <= 1_000, "candidates must be 50 to 1000");
    require(exactBelow >= 100 && exactBelow <= 100_000, "exact-below must be 100 to 100000");
    require(isBetween(refresh, 10, 60_000), "refresh must be 10ms to 1m");
    require(batch >= 1 && batch <= 256, "batch must be 1 to 256");
    require(isBetween(queryPatience, 1, 250), "query-patience must be 1ms to 250ms");
  }

  /// How long passages are, in tokens.
  ///
  /// @param target from which on a passage is long enough
  /// @param max which a passage of sentences does not pass
  /// @param min below which the last passage of a section joins the one before
  /// @param overlap most of a passage's end that the next one begins with
  record Sizes(
      @Setting("300") int target,
      @Setting("400") int max,
      @Setting("80") int min,
      @Setting("45") int overlap) {
    Sizes {
      require(target >= 20 && target <= max && max <= WHOLE, "20 <= target <= max <= 480");
      require(min >= 0 && min <= target, "min must be 0 to target");
      require(overlap >= 0 && overlap < target, "overlap must be 0 to below target");
    }

    ChunkSizes toChunkSizes() {
      return new ChunkSizes(target, max, min, overlap, WHOLE);
    }
  }

  RankingRules rankingRules() {
    return new RankingRules(rrfK, candidates, exactBelow, DUPLICATE_COSINE);
  }

  private static boolean isBetween(Duration time, long leastMillis, long mostMillis) {
    return time.toMillis() >= leastMillis && time.toMillis() <= mostMillis;
  }

  private static void require(boolean met, String rule) {
    if (!met) {
      throw new IllegalArgumentException(rule);
    }
  }
}
