package vesper.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a command finds the running system.
final class SystemOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data directory of the system (default: .vesper beside the script).")
  private @Nullable Path data;

  /// Folder of the project, which the script passes on.
  static Path home() {
    return Path.of(System.getProperty("vesper.home", "."));
  }

  DataDirectory dataDirectory() {
    return DataDirectory.open(data == null ? home().resolve(".vesper") : data);
  }

  /// Returns the running system, or fails with what to do.
  RunningSystem running() {
    DataDirectory directory = dataDirectory();
    if (!Files.exists(directory.running())) {
      throw new CommandFailure(
          "nothing runs in %s. Start it with: ./vesper up --detach".formatted(directory.root()),
          CommandFailure.NOT_RUNNING);
    }
    RunningSystem system = RunningSystem.read(directory.running());
    if (!system.alive()) {
      throw new CommandFailure(
          "the system of %s was stopped from outside. Start it again with: ./vesper up --detach"
              .formatted(directory.root()),
          CommandFailure.NOT_RUNNING);
    }
    return system;
  }
}
