package vesper.infrastructure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/// Random passwords and files that only their owner may read.
final class SecretFile {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 16;

  private SecretFile() {}

  /// Reads the password in the file, making a random one at the first use.
  static String readOrCreate(Path file) {
    try {
      if (!Files.exists(file)) {
        byte[] secret = new byte[BYTES];
        RANDOM.nextBytes(secret);
        write(file, HexFormat.of().formatHex(secret));
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Replaces the file as a whole; it has mode 0600 from its first byte.
  static void write(Path file, String text) {
    Path partial = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.deleteIfExists(partial);
      Files.createFile(
          partial,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(partial, text);
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
