package vesper.infrastructure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How a program that refuses root is run: the beginning of its command and the uid its files need.
///
/// @param prefix put before the command
/// @param owner the uid the program's files must have; empty where they stay ours
record RunAs(List<String> prefix, Optional<Integer> owner) {
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final Path ROOT = Path.of("/");

  /// The user without rights on Linux systems.
  private static final int NOBODY = 65534;

  /// An ordinary user runs the program directly. For root, a user namespace without a mapping hides
  /// its rights and keeps its files; where namespaces are forbidden the program runs as nobody.
  static RunAs choose(Path folder) {
    return Host.isRoot() ? forRoot(folder) : new RunAs(List.of(), Optional.empty());
  }

  private static RunAs forRoot(Path folder) {
    return inNamespace()
        .or(() -> asNobody(folder))
        .orElseThrow(() ->
            new InfrastructureException(
                """
                PostgreSQL refuses to run as root, and this system lets root neither make a user \
                namespace (`unshare -U true`) nor run a program as nobody in %s.
                Do one of these:
                  run Vesper as an ordinary user
                  allow user namespaces (in a container: a seccomp profile that allows unshare)
                  choose a data folder that other users may enter, such as /var/lib/vesper
                  use a running PostgreSQL by its URL\
                """
                    .formatted(folder)));
  }

  static Optional<RunAs> inNamespace() {
    return Host.findProgram("unshare")
        .map(unshare -> new RunAs(List.of(unshare.toString(), "-U"), Optional.of(0)))
        .filter(way -> way.succeeds(ROOT, "true"));
  }

  static Optional<RunAs> asNobody(Path folder) {
    return Host.findProgram("setpriv")
        .map(setpriv ->
            new RunAs(
                List.of(
                    setpriv.toString(),
                    "--reuid=" + NOBODY,
                    "--regid=" + NOBODY,
                    "--clear-groups",
                    "--"),
                Optional.of(NOBODY)))
        .filter(way -> way.canEnter(folder));
  }

  List<String> command(List<String> command) {
    List<String> whole = new ArrayList<>(prefix);
    whole.addAll(command);
    return whole;
  }

  /// Whether a program run this way may use what is in the folder.
  boolean canEnter(Path folder) {
    return prefix.isEmpty() || succeeds(ROOT, "test", "-x", folder.toString());
  }

  /// Hands over a folder with all in it to the user who runs the program; the folder itself comes
  /// last, so a hand-over that was cut short is done again.
  void own(Path folder) {
    if (owner.isEmpty()) {
      return;
    }
    try {
      if (!owner.get().equals(Files.getAttribute(folder, "unix:uid"))) {
        for (Path path : Folders.listDeepestFirst(folder)) {
          Files.setAttribute(path, "unix:uid", owner.get());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean succeeds(Path folder, String... command) {
    return Command.run(folder, DEADLINE, command(List.of(command))).succeeded();
  }
}
