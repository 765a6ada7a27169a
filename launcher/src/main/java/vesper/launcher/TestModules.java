package vesper.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The modules of the project's tree.
final class TestModules {
  private static final int DEPTH = 2;

  /// Returns the folders with a build file, at most two levels deep.
  static List<Path> folders(Path home) throws IOException {
    try (Stream<Path> files = Files.walk(home, DEPTH + 1)) {
      return files
          .filter(file -> file.endsWith("pom.xml"))
          .map(file -> file.resolveSibling("").normalize())
          .filter(folder -> !folder.equals(home.normalize()))
          .sorted()
          .toList();
    }
  }

  /// Returns the folders' names: each module's tests have an account of that name on the shared
  /// NATS.
  static List<String> accounts(Path home) throws IOException {
    return folders(home).stream().map(folder -> folder.getFileName().toString()).toList();
  }

  private TestModules() {}
}
