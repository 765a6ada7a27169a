package vesper.retrieval;

import java.util.Optional;

/// A chunk as it can be found.
///
/// @param section whose visibility it shares
/// @param chunk the words
/// @param authority higher for what is surer
/// @param vector what it means, if that is known
public record Passage(String section, Chunk chunk, int authority, Optional<UnitVector> vector) {}
