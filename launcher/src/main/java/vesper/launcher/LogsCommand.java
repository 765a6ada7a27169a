package vesper.launcher;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Prints the end of a log, and what is added to it.
@Command(
    name = "logs",
    description = "Prints the last lines of the log.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./vesper logs                 the last lines of everything",
      "  ./vesper logs npc-behavior    only one service",
      "  ./vesper logs nats-server -f  the broker's own log, as it grows"
    })
final class LogsCommand implements Callable<Integer> {
  private static final List<String> SERVERS = List.of("nats-server", "postgres");

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private SystemOptions system = new SystemOptions();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SERVICE",
      description = "A service, `nats-server` or `postgres`; everything when absent.")
  private @Nullable String service;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on printing as lines are added.")
  private boolean follow;

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      defaultValue = "50",
      description = "How many lines to begin with (default: ${DEFAULT-VALUE}).")
  private int lines;

  @Override
  public Integer call() throws IOException, InterruptedException {
    boolean server = service != null && SERVERS.contains(service);
    Path file = system.dataDirectory().logs().resolve((server ? service : "vesper") + ".log");
    if (!Files.exists(file)) {
      throw new CommandFailure(
          "there is no log %s. Start the system with: ./vesper up --detach".formatted(file));
    }
    String wanted = server ? null : service;
    PrintWriter out = spec.commandLine().getOut();
    // A stream of the file goes on behind its former end when the file grows.
    try (BufferedReader log =
        new BufferedReader(
            new InputStreamReader(new FileInputStream(file.toFile()), StandardCharsets.UTF_8))) {
      Deque<String> last = new ArrayDeque<>();
      String line;
      while ((line = log.readLine()) != null) {
        if (wanted == null || line.contains(wanted)) {
          last.add(line);
          if (last.size() > Math.max(1, lines)) {
            last.remove();
          }
        }
      }
      last.forEach(out::println);
      out.flush();
      while (follow) {
        line = log.readLine();
        if (line == null) {
          TimeUnit.MILLISECONDS.sleep(200);
        } else if (wanted == null || line.contains(wanted)) {
          out.println(line);
          out.flush();
        }
      }
    }
    return 0;
  }
}
