package vesper.runtime;

/// A text that must not be seen: it prints as `***`.
///
/// @param value the text
public record Secret(String value) {
  @Override
  public String toString() {
    return "***";
  }
}
