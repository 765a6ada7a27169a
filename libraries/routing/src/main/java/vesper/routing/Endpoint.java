package vesper.routing;

import java.util.Set;

/// A model somewhere, as far as routing needs to know it.
///
/// @param tiers it serves
/// @param contextTokens that prompt and answer may have together; 0 when unknown
/// @param slots calls it runs at once, its weight among others
public record Endpoint(
    String id, Set<Tier> tiers, int contextTokens, int slots, Standing standing) {

  /// How an endpoint stands beside others, the one that is preferred first.
  public enum Standing {
    /// An operator named it.
    NAMED,
    /// It was found.
    FOUND,
    /// It is too small for instructions: it is asked when there is nothing else.
    DEMO
  }

  /// Copies the set and checks the ranges.
  public Endpoint {
    tiers = Set.copyOf(tiers);
    if (slots < 1 || contextTokens < 0) {
      throw new IllegalArgumentException("an endpoint has a slot and no negative context");
    }
  }

  /// Whether a call of so many tokens fits; a demo's prompt is cut to fit.
  boolean fits(int tokens) {
    return standing == Standing.DEMO || contextTokens == 0 || tokens <= contextTokens;
  }
}
