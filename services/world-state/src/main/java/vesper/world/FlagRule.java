package vesper.world;

import java.util.Map;

/// A flag as the pack declares it.
///
/// @param first what it is until somebody sets it
/// @param says what people say of it, by what it is
record FlagRule(String id, Reading first, Map<Reading, String> says) {
  FlagRule {
    says = Map.copyOf(says);
  }
}
