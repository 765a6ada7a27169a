package vesper.launcher;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Documents `down`, which the launcher script carries out without a JVM.
@Command(
    name = "down",
    description = "Stops the system and everything it started.",
    mixinStandardHelpOptions = true,
    footer = {"", "Works also when the main process was killed. The data stay."})
final class DownCommand extends ScriptCommand {
  // Only its help is read.
  @SuppressWarnings("UnusedVariable")
  @Mixin
  private SystemOptions system = new SystemOptions();
}
