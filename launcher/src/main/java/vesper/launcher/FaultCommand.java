package vesper.launcher;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Documents `fault`, which the launcher script starts from the module `bench`.
@Command(
    name = "fault",
    description =
        "Kills, stops or restarts parts of a system of its own under load, and checks what must hold.",
    mixinStandardHelpOptions = true)
final class FaultCommand extends ScriptCommand {
  @Option(names = "--all", description = "Every scenario.")
  private boolean all;

  boolean all() {
    return all;
  }
}
