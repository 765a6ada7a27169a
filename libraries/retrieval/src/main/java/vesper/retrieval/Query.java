package vesper.retrieval;

import java.util.Optional;

/// What is looked for.
///
/// @param words to look for
/// @param meaning of the words; without it passages are ranked by words alone
/// @param limit most passages
/// @param tokenBudget most tokens of all passages together; 0 for no limit
public record Query(String words, Optional<UnitVector> meaning, int limit, int tokenBudget) {}
