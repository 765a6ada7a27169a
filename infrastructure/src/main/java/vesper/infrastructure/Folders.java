package vesper.infrastructure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Whole folders.
public final class Folders {
  private static final int ATTEMPTS = 20;

  private Folders() {}

  /// Deletes a folder and all in it. What vanishes meanwhile is no failure, and what a dying
  /// process still writes into it is deleted too.
  public static void delete(Path folder) {
    for (int attempt = 1; ; attempt++) {
      try {
        deleteOnce(folder);
        return;
      } catch (NoSuchFileException | DirectoryNotEmptyException e) {
        if (attempt == ATTEMPTS) {
          throw new UncheckedIOException(e);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void deleteOnce(Path folder) throws IOException {
    for (Path path : listDeepestFirst(folder)) {
      Files.deleteIfExists(path);
    }
  }

  /// All in the folder and, at the end, the folder; nothing when it does not exist.
  static List<Path> listDeepestFirst(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.sorted(Comparator.reverseOrder()).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
