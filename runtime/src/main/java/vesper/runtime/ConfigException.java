package vesper.runtime;

import java.util.List;

/// Settings that the process cannot start with.
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<String> problems;

  ConfigException(List<String> problems) {
    super("the settings have problems:\n  " + String.join("\n  ", problems));
    this.problems = List.copyOf(problems);
  }

  /// One line for each problem, with key, value and what would be accepted.
  public List<String> problems() {
    return problems;
  }
}
