package vesper.npc;

/// A passage that words cite as `[number]`.
///
/// @param number in the words
/// @param title of the document, with the headings above the passage
/// @param document id
/// @param section id
/// @param path at the gateway that shows the document
record Citation(int number, String title, String document, String section, String path) {

  Citation numbered(int other) {
    return new Citation(other, title, document, section, path);
  }
}
