package vesper.infrastructure;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// The end of a log file, for error messages.
final class LogTail {
  private static final int BYTES = 4096;
  private static final long ROTATE_AT_BYTES = 16L << 20;

  private LogTail() {}

  /// The last lines written after an offset, 4 KiB at most.
  static String of(Path log, long since) {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long from = Math.max(since, file.length() - BYTES);
      byte[] bytes = new byte[(int) Math.max(0, file.length() - from)];
      file.seek(from);
      file.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Makes the log's folder, sets a large log aside as `.1`, and returns the size of what is kept.
  static long prepare(Path log) {
    try {
      Files.createDirectories(log.toAbsolutePath().getParent());
      if (size(log) >= ROTATE_AT_BYTES) {
        Files.move(
            log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
      }
      return size(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The length in bytes; 0 when there is no log yet.
  static long size(Path log) {
    try {
      return Files.exists(log) ? Files.size(log) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
