package vesper.infrastructure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Finds a nats-server: the given one, on PATH, fetched before, or from Debian's package.
final class NatsBinary {
  private static final String NAME = "nats-server";
  private static final Duration FETCH_DEADLINE = Duration.ofMinutes(3);

  private NatsBinary() {}

  static Path find(Optional<Path> given, Path cache, Consumer<String> progress) {
    if (given.isPresent()) {
      Path binary = given.get().toAbsolutePath();
      if (!Host.isProgram(binary)) {
        throw new InfrastructureException(
            "The given nats-server " + binary + " does not exist or is not executable");
      }
      return binary;
    }
    Path fetched = cache.resolve(NAME);
    return Host.findProgram(NAME)
        .or(() -> Optional.of(fetched).filter(Host::isProgram))
        .orElseGet(() -> fetch(fetched, debianTools(), progress));
  }

  /// The programs that fetch and unpack a package of Debian.
  record DebianTools(Path apt, Path dpkg) {}

  private static DebianTools debianTools() {
    Optional<Path> apt = Host.findProgram("apt-get");
    Optional<Path> dpkg = Host.findProgram("dpkg");
    if (apt.isEmpty() || dpkg.isEmpty()) {
      throw missing("and there is no apt-get to fetch it with");
    }
    return new DebianTools(apt.get(), dpkg.get());
  }

  /// Fetches Debian's package without root and without touching the system's package state.
  static Path fetch(Path target, DebianTools tools, Consumer<String> progress) {
    Path folder = null;
    try {
      Files.createDirectories(target.getParent());
      folder = Files.createTempDirectory(target.getParent(), "nats-server.");
      progress.accept("Fetching nats-server from Debian's packages (once)");
      Path archive = download(tools.apt().toString(), folder, progress);
      Path unpacked = folder.resolve("unpacked");
      Command.Outcome outcome =
          Command.run(
              folder,
              FETCH_DEADLINE,
              List.of(tools.dpkg().toString(), "-x", archive.toString(), unpacked.toString()));
      Path binary =
          findFile(unpacked, file -> file.endsWith(NAME) && Host.isProgram(file))
              .orElseThrow(
                  () -> missing("and Debian's package does not hold it: " + outcome.output()));
      Files.move(binary, target, StandardCopyOption.ATOMIC_MOVE);
      return target;
    } catch (IOException e) {
      throw new InfrastructureException("Cannot write to the folder " + target.getParent(), e);
    } finally {
      if (folder != null) {
        Folders.delete(folder);
      }
    }
  }

  /// With the system's package lists, or with lists of our own where those are empty.
  private static Path download(String apt, Path folder, Consumer<String> progress)
      throws IOException {
    List<String> tool = List.of(apt, "-o", "APT::Sandbox::User=root");
    Command.Outcome outcome = Command.run(folder, FETCH_DEADLINE, with(tool, "download", NAME));
    if (!outcome.succeeded()) {
      progress.accept("Fetching package lists of our own");
      List<String> ownLists =
          with(
              tool,
              "-o",
              "Dir::State::lists=" + makeFolder(folder, "lists/partial"),
              "-o",
              "Dir::Cache=" + makeFolder(folder, "cache/archives/partial"));
      // A source that cannot be reached fails the update though Debian's own may have come.
      Command.run(folder, FETCH_DEADLINE, with(ownLists, "update"));
      outcome = Command.run(folder, FETCH_DEADLINE, with(ownLists, "download", NAME));
    }
    String said = outcome.output();
    return findFile(folder, file -> file.toString().endsWith(".deb"))
        .orElseThrow(() -> missing("and fetching it with apt-get failed: " + said));
  }

  private static List<String> with(List<String> command, String... more) {
    List<String> whole = new ArrayList<>(command);
    whole.addAll(List.of(more));
    return whole;
  }

  /// Makes a nested folder and returns its first part.
  private static Path makeFolder(Path folder, String nested) throws IOException {
    Files.createDirectories(folder.resolve(nested));
    return folder.resolve(nested.substring(0, nested.indexOf('/')));
  }

  private static Optional<Path> findFile(Path folder, Predicate<Path> wanted) throws IOException {
    if (!Files.exists(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(wanted).filter(Files::isRegularFile).findFirst();
    }
  }

  private static InfrastructureException missing(String reason) {
    return new InfrastructureException(
        """
        nats-server is needed and was not found on PATH, %s.
        Install it and start again:
          Debian, Ubuntu   apt-get install nats-server
          macOS            brew install nats-server
          elsewhere        unpack a release of nats-server 2.9 or newer and put it on PATH
        Or use a running server by its URL.\
        """
            .formatted(reason));
  }
}
