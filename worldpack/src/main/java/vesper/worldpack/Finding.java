package vesper.worldpack;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;

import java.util.Comparator;

/// Something the validator has to say about a pack.
///
/// @param code what kind of fault it is: `P001` to `P022`
/// @param severity whether the pack can be used all the same
/// @param file the file's path within the pack, with slashes
/// @param line the line, counted from 1
/// @param column the column, counted from 1
/// @param path the place within the file's message: `regions[3].counterpart`; empty for the whole
///   file
/// @param message what is wrong
/// @param hint what to do about it; empty when there is nothing to add
public record Finding(
    String code,
    Severity severity,
    String file,
    int line,
    int column,
    String path,
    String message,
    String hint) {

  /// The order in which findings are reported: by file, then by place, then by code.
  static final Comparator<Finding> ORDER =
      comparing(Finding::file)
          .thenComparing(comparingInt(Finding::line))
          .thenComparing(comparingInt(Finding::column))
          .thenComparing(Finding::code)
          .thenComparing(Finding::path)
          .thenComparing(Finding::message);

  /// Whether a pack with the finding can be used.
  public enum Severity {
    /// The pack cannot be loaded or published.
    ERROR,
    /// The pack works, but not as its author may expect.
    WARN
  }

  /// Returns the finding in one line, as compilers print theirs.
  @Override
  public String toString() {
    var where = path.isEmpty() ? "" : " (" + path + ")";
    var advice = hint.isEmpty() ? "" : " " + hint;
    return "%s:%d:%d: %s %s%s: %s%s"
        .formatted(file, line, column, severity, code, where, message, advice);
  }
}
