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

  /// Returns the accounts on the shared NATS: the tests of a module run in two processes at a time,
  /// with an account each, the module's name and that with a number.
  static List<String> accounts(Path home) throws IOException {
    return folders(home).stream()
        .map(folder -> folder.getFileName().toString())
        .flatMap(name -> Stream.of(name, name + "-2"))
        .toList();
  }

  private TestModules() {}
}
