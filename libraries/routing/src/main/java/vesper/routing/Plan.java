package vesper.routing;

import java.util.List;

/// Where a call goes.
///
/// @param tier that was chosen
/// @param candidates to try, in order; empty when no endpoint can be used
/// @param reasons why, in order
public record Plan(Tier tier, List<Candidate> candidates, List<String> reasons) {
  /// An endpoint to try.
  ///
  /// @param tier it is tried for
  /// @param trial whether it was DOWN and the call finds out whether it is back
  public record Candidate(Endpoint endpoint, Tier tier, boolean trial) {}

  /// Copies the lists.
  public Plan {
    candidates = List.copyOf(candidates);
    reasons = List.copyOf(reasons);
  }
}
