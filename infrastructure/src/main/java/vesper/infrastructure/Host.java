package vesper.infrastructure;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// This machine as the starting process sees it; the only class here that reads the environment.
final class Host {
  /// Where packages put servers that the PATH of an ordinary user leaves out.
  private static final List<Path> SYSTEM_FOLDERS =
      List.of(
          Path.of("/usr/local/sbin"),
          Path.of("/usr/local/bin"),
          Path.of("/usr/sbin"),
          Path.of("/sbin"),
          Path.of("/opt/homebrew/bin"));

  private Host() {}

  /// The folder for what can be fetched again: `$XDG_CACHE_HOME/vesper`, else `~/.cache/vesper`.
  static Path cache() {
    return cache(System.getenv(), Path.of(System.getProperty("user.home")));
  }

  static Path cache(Map<String, String> environment, Path home) {
    String configured = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path cache = configured.isEmpty() ? home.resolve(".cache") : Path.of(configured);
    return cache.resolve("vesper");
  }

  /// Finds an executable by name on PATH, then in the system's folders.
  static Optional<Path> findProgram(String name) {
    List<Path> folders = new ArrayList<>();
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      if (!folder.isEmpty()) {
        folders.add(Path.of(folder));
      }
    }
    folders.addAll(SYSTEM_FOLDERS);
    return folders.stream().map(folder -> folder.resolve(name)).filter(Host::isProgram).findFirst();
  }

  static boolean isProgram(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }

  static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  /// The system and processor as the archives of the PostgreSQL binaries name them.
  static String platform() {
    return platform(System.getProperty("os.name"), System.getProperty("os.arch"));
  }

  static String platform(String system, String processor) {
    String name = system.toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
    return switch (processor) {
      case "amd64", "x86_64" -> name + "-x86_64";
      case "aarch64", "arm64" -> name + "-arm_64";
      default -> name + "-" + processor;
    };
  }
}
