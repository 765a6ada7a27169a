package vesper.retrieval;

import java.util.List;

/// The words under one heading of a document.
///
/// @param slug the heading in lower case with hyphens, unlike any other of the document
/// @param headings from the document's title down to its own
/// @param text the Markdown below the heading, up to the next
public record Section(String slug, List<String> headings, String text) {
  /// Keeps the headings as they are.
  public Section {
    headings = List.copyOf(headings);
  }
}
