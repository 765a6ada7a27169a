package vesper.infrastructure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// The exclusive use of a folder by one owner; the system releases it when the owner dies.
final class FolderLock implements AutoCloseable {
  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /// Takes the folder, creating it when absent.
  static FolderLock acquire(Path folder) {
    FileChannel channel = open(folder);
    try {
      if (channel.tryLock() != null) {
        return new FolderLock(channel);
      }
    } catch (OverlappingFileLockException e) {
      close(channel);
      throw inUse(folder, e);
    } catch (IOException e) {
      close(channel);
      throw new InfrastructureException("Cannot lock " + folder, e);
    }
    close(channel);
    throw inUse(folder, null);
  }

  private static FileChannel open(Path folder) {
    try {
      Files.createDirectories(folder);
      return FileChannel.open(
          folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new InfrastructureException("Cannot write to the folder " + folder, e);
    }
  }

  private static InfrastructureException inUse(Path folder, @Nullable Throwable cause) {
    return new InfrastructureException(
        folder
            + " is in use by another running Vesper. Stop that one, or choose another data folder.",
        cause);
  }

  boolean isHeld() {
    return channel.isOpen();
  }

  @Override
  public void close() {
    close(channel);
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
