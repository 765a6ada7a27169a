package vesper.prompt;

/// A passage that an answer may cite.
///
/// @param number it is cited by
/// @param heading title and headings above it, or empty
/// @param rumour whether it may be false
public record Passage(int number, String heading, String text, boolean rumour) {
  String line() {
    StringBuilder line = new StringBuilder("[").append(number).append("] ");
    if (rumour) {
      line.append("(rumour, perhaps false) ");
    }
    if (!heading.isEmpty()) {
      line.append(heading).append(": ");
    }
    return line.append(text).append('\n').toString();
  }
}
