package vesper.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/// Files that only their owner may read.
final class Secrets {
  private static final int BYTES = 32;

  /// Returns the secret in a file, which the first call fills with 32 random bytes in base64.
  static String readOrCreate(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      if (!Files.exists(file)) {
        byte[] secret = new byte[BYTES];
        new SecureRandom().nextBytes(secret);
        writeNew(file, Base64.getEncoder().encodeToString(secret));
      }
      return Files.readString(file).strip();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Writes a file unless there is one; of two writers one wins, and nobody sees half of it.
  static void writeNew(Path file, String text) throws IOException {
    // The JDK makes temporary files readable by their owner only.
    Path made = Files.createTempFile(file.toAbsolutePath().getParent(), "new", ".tmp");
    Files.writeString(made, text);
    try {
      Files.createLink(file, made);
    } catch (FileAlreadyExistsException otherWasFirst) {
      return;
    } finally {
      Files.delete(made);
    }
  }

  private Secrets() {}
}
