package vesper.npc;

/// A passage of the world's documents that both who asks and who answers may know.
///
/// @param citation where it stands, numbered by its place among the passages found
/// @param document title of its document
/// @param text its words
/// @param wordsRank place in the list by words, from 1; 0 when it is not in it
/// @param cosine of the question and the passage; 0 without vectors
/// @param rumour whether it only passes on what is told
record Passage(
    Citation citation,
    String document,
    String text,
    int wordsRank,
    double cosine,
    boolean rumour) {}
