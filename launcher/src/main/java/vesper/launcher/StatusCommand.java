package vesper.launcher;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.StatusRuntimeException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import vesper.airouter.v1.AiRouterGrpc;
import vesper.airouter.v1.Endpoint;
import vesper.airouter.v1.ListEndpointsRequest;

/// Tells what runs and whether it is ready.
@Command(
    name = "status",
    description = "Lists the services and processes of the running system.",
    mixinStandardHelpOptions = true,
    footer = {"", "Exit code 0 when every service is ready, 1 when not, 3 when nothing runs."})
final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private SystemOptions options = new SystemOptions();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    RunningSystem system = options.running();
    Overview overview = Instances.list(options.dataDirectory(), system);
    Optional<List<Endpoint>> models = models(system);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      ObjectMapper mapper = new ObjectMapper();
      ObjectNode root = mapper.createObjectNode();
      root.put("state", system.state().name());
      root.put("world", system.world());
      root.put("gateway", system.gateway().toString());
      root.put("management", system.management().toString());
      overview.write(root);
      ArrayNode shown = root.putArray("models");
      for (Endpoint model : models.orElse(List.of())) {
        shown
            .addObject()
            .put("id", model.getSpec().getEndpointId())
            .put("model", model.getSpec().getModel())
            .put("state", state(model))
            .put("demo", model.getSpec().getDemo())
            .put("cause", model.getCause());
      }
      out.println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root));
    } else {
      overview.print(out);
      printModels(models, out);
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
    return overview.ready() ? 0 : 1;
  }

  /// Returns the endpoints of models, if ai-router tells them.
  private Optional<List<Endpoint>> models(RunningSystem system) {
    try (GatewayClient gateway = new GatewayClient(system.gateway())) {
      return Optional.of(
          AiRouterGrpc.newBlockingStub(gateway.as(Operator.token(options.dataDirectory())))
              .withDeadlineAfter(2, TimeUnit.SECONDS)
              .listEndpoints(ListEndpointsRequest.getDefaultInstance())
              .getEndpointsList());
    } catch (StatusRuntimeException away) {
      return Optional.empty();
    }
  }

  private static void printModels(Optional<List<Endpoint>> known, PrintWriter out) {
    out.println();
    if (known.isEmpty()) {
      out.println("models unknown: ai-router does not answer");
      return;
    }
    List<Endpoint> models = known.get();
    if (models.isEmpty()) {
      out.println("no model: answers are the world's own lines; see ./vesper up --help");
      return;
    }
    out.printf("%-18s %-10s %s%n", "MODEL", "STATE", "WHAT");
    for (Endpoint model : models) {
      out.printf(
          "%-18s %-10s %s%s%s%n",
          model.getSpec().getEndpointId(),
          state(model),
          model.getSpec().getModel(),
          model.getSpec().getDemo() ? ", a demo: too small for instructions" : "",
          model.getCause().isEmpty() ? "" : ". " + model.getCause());
    }
  }

  private static String state(Endpoint model) {
    return model.getState().name().replace("ENDPOINT_STATE_", "");
  }
}
