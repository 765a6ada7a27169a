package vesper.launcher;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Documents `fuzz`, which the launcher script starts from module bench.
@Command(
    name = "fuzz",
    description = "Sends a running system wrong requests, and checks that it stays calm.",
    mixinStandardHelpOptions = true)
final class FuzzCommand extends ScriptCommand {
  @Option(names = "--requests", paramLabel = "N", description = "How many (default: 100000).")
  private long requests;

  @Option(names = "--seed", paramLabel = "N", description = "What they are made from (default: 1).")
  private long seed;

  long requests() {
    return requests;
  }

  long seed() {
    return seed;
  }
}
