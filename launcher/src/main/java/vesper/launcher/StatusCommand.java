package vesper.launcher;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Tells what runs and whether it is ready.
@Command(
    name = "status",
    description = "Lists the services of the running system.",
    mixinStandardHelpOptions = true,
    footer = {"", "Exit code 0 when every service is ready, 1 when not, 3 when nothing runs."})
final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private SystemOptions options = new SystemOptions();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /// A service and how many processes serve it.
  record Line(String id, String state, int instances) {}

  @Override
  public Integer call() throws Exception {
    RunningSystem system = options.running();
    List<Line> lines = Instances.list(options.dataDirectory(), system);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      ObjectMapper mapper = new ObjectMapper();
      ObjectNode root = mapper.createObjectNode();
      root.put("state", system.state().name());
      root.put("world", system.world());
      root.put("gateway", system.gateway().toString());
      root.put("management", system.management().toString());
      ArrayNode services = root.putArray("services");
      for (Line line : lines) {
        services
            .addObject()
            .put("id", line.id())
            .put("state", line.state())
            .put("instances", line.instances());
      }
      out.println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root));
    } else {
      out.printf("%-18s %-10s %s%n", "SERVICE", "STATE", "INSTANCES");
      for (Line line : lines) {
        out.printf("%-18s %-10s %d%n", line.id(), line.state(), line.instances());
      }
      out.println();
      out.println("world       " + system.world());
      out.println("gateway     " + system.gateway());
      out.println("management  " + system.management());
      out.println("nats        " + system.nats());
      out.println("database    " + system.database());
      Duration up = Duration.between(system.startedAt(), Instant.now());
      out.printf(
          "up for      %d:%02d:%02d%n", up.toHours(), up.toMinutesPart(), up.toSecondsPart());
    }
    return lines.stream().allMatch(line -> line.state().equals("READY")) ? 0 : 1;
  }
}
