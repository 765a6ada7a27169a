package vesper.launcher;

import java.io.Serial;

/// Ends a command with a message for the person at the terminal: what went wrong and what to do
/// next.
final class CommandFailure extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int NOT_RUNNING = 3;

  private final int exitCode;

  CommandFailure(String message) {
    this(message, FAILED);
  }

  CommandFailure(String message, int exitCode) {
    super(message);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
