package vesper.worldpack;

import java.util.ArrayList;
import java.util.List;

/// Collects what is found while a pack is checked.
final class Findings {
  private final List<Finding> found = new ArrayList<>();

  /// Adds an error at a part of a file's message.
  void error(String code, Document<?> document, String path, String message, String hint) {
    error(code, document.file(), document.position(path), path, message, hint);
  }

  /// Adds a warning at a part of a file's message.
  void warn(String code, Document<?> document, String path, String message, String hint) {
    add(Finding.Severity.WARN, code, document.file(), document.position(path), path, message, hint);
  }

  /// Adds an error at a place in a file.
  void error(
      String code, String file, Position position, String path, String message, String hint) {
    add(Finding.Severity.ERROR, code, file, position, path, message, hint);
  }

  private void add(
      Finding.Severity severity,
      String code,
      String file,
      Position position,
      String path,
      String message,
      String hint) {
    found.add(
        new Finding(code, severity, file, position.line(), position.column(), path, message, hint));
  }

  /// Adds an error about a file as a whole.
  void file(String code, String file, String message, String hint) {
    error(code, file, Position.START, "", message, hint);
  }

  /// Returns everything found so far, sorted.
  List<Finding> list() {
    return found.stream().distinct().sorted(Finding.ORDER).toList();
  }
}
