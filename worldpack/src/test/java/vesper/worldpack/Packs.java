package vesper.worldpack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// Packs on disk for tests: the minimal one of the test resources, the sample world, and copies to
/// break.
final class Packs {
  private Packs() {}

  static Path minimal() {
    try {
      var resource = Packs.class.getResource("/packs/minimal");
      return Path.of(Objects.requireNonNull(resource).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static Path sample() {
    return Path.of(System.getProperty("vesper.home", "..")).resolve("worlds/body-broker");
  }

  /// Copies a pack below an empty directory.
  static Path copy(Path pack, Path to) throws IOException {
    try (var files = Files.walk(pack)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var target = to.resolve(pack.relativize(file).toString());
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        Files.copy(file, target);
      }
    }
    return to;
  }

  /// Replaces the only occurrence of a text in a file and returns the line it stood on.
  static int replace(Path pack, String file, String text, String replacement) throws IOException {
    var content = Files.readString(pack.resolve(file), UTF_8);
    int at = content.indexOf(text);
    if (at < 0 || content.indexOf(text, at + 1) >= 0) {
      throw new IllegalArgumentException("Not exactly once in " + file + ": " + text);
    }
    Files.writeString(
        pack.resolve(file),
        content.substring(0, at) + replacement + content.substring(at + text.length()));
    return (int) content.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
  }
}
