package vesper.launcher;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Documents `bench`, which the launcher script starts from the module of that name.
@Command(
    name = "bench",
    description = "Measures the transport side by side with its alternatives.",
    mixinStandardHelpOptions = true)
final class BenchCommand extends ScriptCommand {
  @Option(names = "--json", description = "Print one JSON array instead of a table.")
  private boolean json;

  boolean json() {
    return json;
  }
}
