package vesper.infrastructure;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Which process is meant: its pid alone may be recycled, so start time and program must match too.
///
/// @param pid the process id
/// @param startedAt when the system says it was started
/// @param program the file name of its executable
public record ProcessIdentity(long pid, Instant startedAt, String program) {
  /// Start times are derived from the boot time, which moves when the clock is set; and a server
  /// writes its own idea of it a little later than the system.
  private static final Duration TOLERANCE = Duration.ofSeconds(5);

  private static final String DELETED = " (deleted)";

  /// Checks that the parts can identify a process.
  public ProcessIdentity {
    if (pid <= 0 || program.isEmpty()) {
      throw new IllegalArgumentException("Not a process: pid " + pid + ", program " + program);
    }
  }

  /// The process this code runs in.
  public static ProcessIdentity current() {
    ProcessHandle self = ProcessHandle.current();
    return new ProcessIdentity(
        self.pid(), self.info().startInstant().orElse(Instant.EPOCH), program(self).orElse("java"));
  }

  /// Finds the process when it still lives; a recycled pid is never found.
  public Optional<ProcessHandle> find() {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::matches);
  }

  /// Whether the pid now surely belongs to a stranger: to another program, or to a process that
  /// began after this one did.
  boolean isRecycled() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(handle ->
            program(handle).filter(other -> !other.equals(program)).isPresent()
                || handle.info().startInstant().filter(this::isLater).isPresent())
        .isPresent();
  }

  private boolean isLater(Instant start) {
    return start.isAfter(startedAt.plus(TOLERANCE));
  }

  private boolean matches(ProcessHandle handle) {
    boolean sameStart =
        handle
            .info()
            .startInstant()
            .filter(start -> Duration.between(start, startedAt).abs().compareTo(TOLERANCE) <= 0)
            .isPresent();
    return sameStart && program(handle).filter(program::equals).isPresent();
  }

  /// A process of another user may hide its executable but not its command line; a dead one that
  /// nobody has reaped has neither.
  private static Optional<String> program(ProcessHandle handle) {
    return handle
        .info()
        .command()
        .or(() -> handle.info().commandLine().map(line -> line.split("[ \0]", 2)[0]))
        .map(ProcessIdentity::fileName);
  }

  private static String fileName(String command) {
    String path =
        command.endsWith(DELETED)
            ? command.substring(0, command.length() - DELETED.length())
            : command;
    Path name = Path.of(path).getFileName();
    return name == null ? "" : name.toString();
  }
}
