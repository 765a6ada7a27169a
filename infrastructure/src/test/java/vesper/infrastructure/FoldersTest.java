package vesper.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {
  @TempDir Path folder;

  @Test
  void delete_nested_deletesAllButWhatLinksPointTo() throws IOException {
    Path kept = Files.writeString(folder.resolve("kept"), "kept");
    Path deleted = folder.resolve("deleted");
    Files.createDirectories(deleted.resolve("a/b/c"));
    Files.writeString(deleted.resolve("a/b/file"), "text");
    Files.createSymbolicLink(deleted.resolve("a/link"), kept);
    Folders.delete(deleted);
    assertThat(deleted).doesNotExist();
    assertThat(kept).exists();
  }

  @Test
  void delete_absent_doesNothing() {
    Folders.delete(folder.resolve("absent"));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void logTail_largeLog_isSetAsideAndTheTailIsShort() throws IOException {
    Path log = folder.resolve("logs/server.log");
    assertThat(LogTail.prepare(log)).isZero();
    Files.writeString(log, "x".repeat(10_000) + "\nlast words\n");
    assertThat(LogTail.prepare(log)).isEqualTo(Files.size(log));
    assertThat(LogTail.of(log, 0)).hasSizeLessThanOrEqualTo(4096).endsWith("last words");
    assertThat(LogTail.of(log, Files.size(log))).isEmpty();
    Files.write(log, new byte[16 << 20]);
    assertThat(LogTail.prepare(log)).isZero();
    assertThat(log).doesNotExist();
    assertThat(folder.resolve("logs/server.log.1")).exists();
  }

  @Test
  void command_pastItsDeadline_isKilled() {
    Command.Outcome outcome =
        Command.run(
            folder, Duration.ofMillis(50), List.of("sh", "-c", "echo begun; exec sleep 600"));
    assertThat(outcome.succeeded()).isFalse();
    assertThat(outcome.output()).endsWith("stopped after 0 s");
  }
}
