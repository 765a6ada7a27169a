package vesper.retrieval;

/// What a chunk is made of: a sentence, a word of a sentence that is too long, or a table.
///
/// @param start first character
/// @param end character after the last
/// @param paragraph tokens of the paragraph that it begins; 0 within one
/// @param whole whether it is never repeated in the next chunk
record Unit(int start, int end, int tokens, int paragraph, boolean whole) {}
