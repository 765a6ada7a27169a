package vesper.kb;

import java.util.List;
import vesper.retrieval.Audience;
import vesper.retrieval.Chunk;

/// The words under one heading of a document, and who may know them.
///
/// @param id document id, `#` and the heading in lower case with hyphens
/// @param headings from the document's title down to its own
/// @param text the words, as Markdown
/// @param terms words and names that are not said to those it is closed to
/// @param chunks passages of the text, in order
record Chapter(
    String id,
    List<String> headings,
    String text,
    Standing standing,
    List<String> terms,
    List<Chunk> chunks) {
  Chapter {
    headings = List.copyOf(headings);
    terms = List.copyOf(terms);
    chunks = List.copyOf(chunks);
  }

  /// How sure it is, and who may know it without having learned it.
  record Standing(Certainty certainty, Audience audience) {}
}
