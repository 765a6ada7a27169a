package vesper.infrastructure;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/// PostgreSQL's programs, unpacked once per version from the archive on the class path.
record PostgresBinaries(Path folder) {
  private static final int EXECUTABLE = 0100;

  /// Unpacks into the cache unless an earlier run did. Processes that do it at the same time do not
  /// disturb each other: each unpacks aside and the first one's folder stays.
  static PostgresBinaries unpack(Path cache, Consumer<String> progress) {
    Path target = cache.resolve("postgres-" + version() + "-" + Host.platform());
    if (Files.isDirectory(target)) {
      return new PostgresBinaries(target);
    }
    progress.accept("Unpacking PostgreSQL " + version() + " (once)");
    Path partial = null;
    try {
      Files.createDirectories(cache);
      partial = Files.createTempDirectory(cache, "postgres.");
      extract(partial);
      Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rwxr-xr-x"));
      moveUnlessPresent(partial, target);
    } catch (IOException e) {
      throw new InfrastructureException(
          "Cannot unpack PostgreSQL into " + cache + ": " + e.getMessage(), e);
    } finally {
      if (partial != null) {
        Folders.delete(partial);
      }
    }
    return new PostgresBinaries(target);
  }

  Path program(String name) {
    return folder.resolve("bin").resolve(name);
  }

  /// The version, such as 18.6.0.
  static String version() {
    Properties properties = new Properties();
    try (InputStream stream = PostgresBinaries.class.getResourceAsStream("postgres.properties")) {
      properties.load(stream);
    } catch (IOException e) {
      throw new InfrastructureException("Cannot read postgres.properties of this library", e);
    }
    return properties.getProperty("version");
  }

  static String majorVersion() {
    return version().substring(0, version().indexOf('.'));
  }

  private static void moveUnlessPresent(Path partial, Path target) throws IOException {
    try {
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!Files.isDirectory(target)) {
        throw e;
      }
    }
  }

  private static void extract(Path folder) throws IOException {
    String archive = "/postgres-" + Host.platform() + ".txz";
    try (InputStream stream = PostgresBinaries.class.getResourceAsStream(archive)) {
      if (stream == null) {
        throw new InfrastructureException(
            "There are no PostgreSQL binaries for this system ("
                + Host.platform()
                + ") on the class path. Use a running PostgreSQL by its URL.");
      }
      try (TarArchiveInputStream tar =
          new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(stream)))) {
        for (TarArchiveEntry entry = tar.getNextEntry();
            entry != null;
            entry = tar.getNextEntry()) {
          extract(folder, entry, tar);
        }
      }
    }
  }

  private static void extract(Path folder, TarArchiveEntry entry, InputStream content)
      throws IOException {
    Path path = folder.resolve(entry.getName()).normalize();
    if (!path.startsWith(folder)) {
      throw new IOException("The archive holds a path outside of it: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      return;
    }
    Files.createDirectories(path.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(content, path);
    boolean executable = (entry.getMode() & EXECUTABLE) != 0;
    Files.setPosixFilePermissions(
        path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
  }
}
