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
        .orElseGet(() -> fetch(fetched, progress));
  }

  /// Fetches Debian's package without root and without touching the system's package state.
  static Path fetch(Path target, Consumer<String> progress) {
    Optional<Path> apt = Host.findProgram("apt-get");
    Optional<Path> dpkg = Host.findProgram("dpkg");
    if (apt.isEmpty() || dpkg.isEmpty()) {
      throw missing("there is no apt-get here to fetch it with");
    }
    Path folder = null;
    try {
      Files.createDirectories(target.getParent());
      folder = Files.createTempDirectory(target.getParent(), "nats-server.");
      Path unpacked = folder.resolve("unpacked");
      progress.accept("Fetching nats-server from Debian's packages");
      Path archive = download(apt.get().toString(), folder, progress);
      run(folder, List.of(dpkg.get().toString(), "-x", archive.toString(), unpacked.toString()));
      Path binary =
          findFile(unpacked, NAME).orElseThrow(() -> missing("the package has no " + NAME));
      Files.move(binary, target, StandardCopyOption.ATOMIC_MOVE);
      return target;
    } catch (IOException e) {
      throw new InfrastructureException("Cannot write to " + target.getParent(), e);
    } finally {
      if (folder != null) {
        Folders.delete(folder);
      }
    }
  }

  private static Path download(String apt, Path folder, Consumer<String> progress)
      throws IOException {
    Command.Outcome direct =
        Command.run(
            folder,
            FETCH_DEADLINE,
            List.of(apt, "-o", "APT::Sandbox::User=root", "download", NAME));
    if (!direct.succeeded()) {
      progress.accept("Fetching package lists of our own");
      List<String> own =
          List.of(
              apt,
              "-o",
              "APT::Sandbox::User=root",
              "-o",
              "Dir::State::lists=" + makeFolder(folder, "lists/partial"),
              "-o",
              "Dir::Cache=" + makeFolder(folder, "cache/archives/partial"));
      run(folder, with(own, "update"));
      run(folder, with(own, "download", NAME));
    }
    return findFile(folder, ".deb")
        .orElseThrow(() -> missing("apt-get download left no package: " + direct.output()));
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

  private static void run(Path folder, List<String> command) {
    Command.Outcome outcome = Command.run(folder, FETCH_DEADLINE, command);
    if (!outcome.succeeded()) {
      throw missing(
          "fetching it failed: `" + String.join(" ", command) + "` said: " + outcome.output());
    }
  }

  private static Optional<Path> findFile(Path folder, String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(suffix))
          .filter(Files::isRegularFile)
          .findFirst();
    }
  }

  private static InfrastructureException missing(String reason) {
    return new InfrastructureException(
        """
        nats-server is needed and was not found on PATH (%s).
        Install it and start again:
          Debian, Ubuntu   apt-get install nats-server
          macOS            brew install nats-server
          elsewhere        unpack a release of nats-server 2.9 or newer and put it on PATH
        Or use a running server by its URL.\
        """
            .formatted(reason));
  }
}
