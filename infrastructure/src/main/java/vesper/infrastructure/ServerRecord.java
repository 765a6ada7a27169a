package vesper.infrastructure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What is written down about a running server, so that a later owner finds it.
record ServerRecord(ProcessIdentity process, int port) {
  void write(Path file) {
    String text =
        """
        pid=%d
        started=%s
        program=%s
        port=%d
        """
            .formatted(process.pid(), process.startedAt(), process.program(), port);
    Path partial = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.writeString(partial, text);
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads a record; an absent or damaged one counts as none.
  static Optional<ServerRecord> read(Path file) {
    try {
      Map<String, String> values = new HashMap<>();
      for (String line : Files.readAllLines(file)) {
        int equals = line.indexOf('=');
        if (equals > 0) {
          values.put(line.substring(0, equals), line.substring(equals + 1));
        }
      }
      return Optional.of(
          new ServerRecord(
              new ProcessIdentity(
                  Long.parseLong(values.getOrDefault("pid", "")),
                  Instant.parse(values.getOrDefault("started", "")),
                  values.getOrDefault("program", "")),
              Integer.parseInt(values.getOrDefault("port", ""))));
    } catch (NoSuchFileException | IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
