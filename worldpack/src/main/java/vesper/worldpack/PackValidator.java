package vesper.worldpack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Finds the faults of a world pack, all of them at once.
public final class PackValidator {
  private static final List<PackCheck> CHECKS =
      List.of(
          new IdCheck(),
          new ReferenceCheck(),
          new MapCheck(),
          new CalendarCheck(),
          new FactionCheck(),
          new StateCheck(),
          new AnswerCheck(),
          new ConditionCheck(),
          new TextCheck(),
          new NarrativeCheck());

  private PackValidator() {}

  /// Returns what is wrong with the pack in a directory, in the order of files and lines; empty for
  /// a clean pack. A file that cannot be read as YAML hides what only shows across files. Throws
  /// [java.io.UncheckedIOException] when the disk cannot be read.
  public static List<Finding> validate(Path directory) {
    return examine(directory).findings();
  }

  /// What a directory holds and what is wrong with it.
  ///
  /// @param draft the pack; absent when a file could not be read
  record Examined(Optional<Draft> draft, String digest, List<Finding> findings) {}

  static Examined examine(Path directory) {
    var findings = new Findings();
    if (!Files.isDirectory(directory)) {
      findings.file("P001", "", "There is no folder %s.".formatted(directory), "");
      return new Examined(Optional.empty(), "", findings.list());
    }
    var files = PackFiles.read(directory, findings);
    var draft = Draft.read(files, findings);
    draft.ifPresent(d -> CHECKS.forEach(check -> check.check(d, findings)));
    return new Examined(draft, files.digest(), findings.list());
  }
}
