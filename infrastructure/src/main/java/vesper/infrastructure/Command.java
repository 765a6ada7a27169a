package vesper.infrastructure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// One short run of another program, with a deadline.
final class Command {
  private Command() {}

  /// How a run ended and the last it printed.
  record Outcome(int exitCode, String output) {
    boolean succeeded() {
      return exitCode == 0;
    }
  }

  /// Runs to the end in the folder; a run that outlives its deadline is killed and fails.
  static Outcome run(Path folder, Duration deadline, List<String> command) {
    try {
      Path output = Files.createTempFile("vesper-command", ".log");
      try {
        Process process =
            new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
          process.destroyForcibly().waitFor();
          return new Outcome(
              -1, LogTail.of(output, 0) + "\nstopped after " + deadline.toSeconds() + " s");
        }
        return new Outcome(process.exitValue(), LogTail.of(output, 0));
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InfrastructureException("Interrupted while running " + command.getFirst(), e);
    }
  }
}
