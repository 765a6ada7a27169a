package vesper.retrieval;

/// A passage that was found, and why.
///
/// @param passage the passage
/// @param score sum of 1 / (60 + rank) over the lists it is in
/// @param wordsRank from 1 in the list by words; 0 when it is not in it
/// @param meaningRank from 1 in the list by meaning; 0 when it is not in it
/// @param cosine of query and passage; 0 without vectors
public record Hit(Passage passage, double score, int wordsRank, int meaningRank, double cosine) {}
