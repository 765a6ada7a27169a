package vesper.worldpack;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.util.List;

/// A world pack has faults that keep it from being used; carries all of them.
public final class InvalidPackException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final int SHOWN = 20;

  private final transient List<Finding> findings;

  InvalidPackException(Path directory, List<Finding> findings) {
    super(describe(directory, findings));
    this.findings = List.copyOf(findings);
  }

  /// Returns every finding, in the order of files and lines.
  public List<Finding> findings() {
    return findings;
  }

  private static String describe(Path directory, List<Finding> findings) {
    var shown = findings.stream().limit(SHOWN).map(Finding::toString).collect(joining("\n  "));
    var more = findings.size() > SHOWN ? "\n  and %d more".formatted(findings.size() - SHOWN) : "";
    return "World pack %s has %d finding%s:\n  %s%s"
        .formatted(directory, findings.size(), findings.size() == 1 ? "" : "s", shown, more);
  }
}
