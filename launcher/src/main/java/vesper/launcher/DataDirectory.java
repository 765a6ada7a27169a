package vesper.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/// The folder that holds everything a system keeps: databases, keys, logs, and where it runs. Only
/// its owner may list it; others may pass through, because PostgreSQL refuses to run as root and
/// then runs as somebody else.
record DataDirectory(Path root) {
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  static DataDirectory open(Path root) {
    Path absolute = root.toAbsolutePath().normalize();
    try {
      Files.createDirectories(absolute);
      if (Files.getOwner(absolute).getName().equals(System.getProperty("user.name"))) {
        Files.setPosixFilePermissions(absolute, PosixFilePermissions.fromString("rwx--x--x"));
      }
    } catch (IOException failure) {
      throw new CommandFailure(
          "the data directory %s cannot be made: %s. Choose another with --data DIR."
              .formatted(absolute, failure.getMessage()));
    }
    return new DataDirectory(absolute);
  }

  Path keys() {
    return root.resolve("keys");
  }

  Path logs() {
    return folder("logs");
  }

  Path players() {
    return folder("players");
  }

  /// The address of NATS with its password; only the owner may read it.
  Path natsAddress() {
    return root.resolve("nats-address");
  }

  /// The address of the database with its password; only the owner may read it.
  Path databaseAddress() {
    return root.resolve("database-address");
  }

  /// What the processes beside the main one write about themselves.
  Path runs() {
    return folder("run");
  }

  Path running() {
    return root.resolve("running.json");
  }

  Path lock() {
    return root.resolve("lock");
  }

  private Path folder(String name) {
    try {
      Path folder = root.resolve(name);
      return Files.isDirectory(folder) ? folder : Files.createDirectories(folder, OWNER_ONLY);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
