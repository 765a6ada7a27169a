package vesper.bench.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Attacks a running system with wrong requests and checks that it stays calm.
@Command(
    name = "fuzz",
    description = {
      "Sends a running system what no well-behaved client sends, and checks that it stays calm.",
      "",
      "Requests over HTTP, gRPC and NATS, each made from the seed and its number alone. None may be"
          + " answered with a failure inside, or with words about the inside; a client beside them"
          + " must be served; the process must stay ready and hold no more than before. Some requests"
          + " are made with the rights of an operator and change the world: use a system that may be"
          + " thrown away."
    },
    mixinStandardHelpOptions = true)
public final class FuzzCommand implements Callable<Integer> {
  private static final int NOT_RUNNING = 3;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--requests",
      paramLabel = "N",
      defaultValue = "100000",
      description = "How many (default: ${DEFAULT-VALUE}).")
  private long requests = 100_000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "What they are made from (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--start",
      paramLabel = "N",
      defaultValue = "0",
      description = "Number of the first one; with --requests 1 one is sent again.")
  private long start;

  @Option(
      names = "--gateway",
      paramLabel = "URL",
      description = "A system elsewhere: only its gateway is attacked and looked at.")
  private @Nullable URI gateway;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data directory of the system (default: .vesper beside the script).")
  private @Nullable Path data;

  @Override
  public Integer call() throws Exception {
    if (requests < 1) {
      throw new ParameterException(spec.commandLine(), "at least 1 request");
    }
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.ERROR);
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Path folder = data != null ? data : Path.of(System.getProperty("vesper.home", "."), ".vesper");
    Target target;
    try {
      target = gateway != null ? new Target(gateway, Optional.empty()) : Target.in(folder);
    } catch (IOException e) {
      err.println("vesper: " + e.getMessage());
      err.flush();
      return NOT_RUNNING;
    }
    Fuzz fuzz =
        new Fuzz(
            target,
            seed,
            step -> {
              err.println("[fuzz] " + step);
              err.flush();
            });
    Fuzz.Result result = fuzz.run(start, requests);
    print(result, out);
    return result.failures().isEmpty() ? 0 : 1;
  }

  static void print(Fuzz.Result result, PrintWriter out) {
    out.printf("%-18s %8s %6s  %s%n", "kind", "requests", "wrong", "answers");
    result.tally().lines().forEach(out::println);
    out.println();
    out.printf(
        "beside: %,d calls, %d errors, p99 %.1f ms%n",
        result.client().calls(), result.client().errors(), result.client().p99Millis());
    Vitals.Holdings before = result.before();
    Vitals.Holdings after = result.after();
    if (before != null && after != null) {
      out.printf(
          "process: heap %,d → %,d KiB, descriptors %d → %d, threads %d → %d%n",
          before.heap() >> 10,
          after.heap() >> 10,
          before.files(),
          after.files(),
          before.threads(),
          after.threads());
    }
    result.tally().findings().forEach(finding -> out.println("wrong " + finding));
    result.failures().forEach(failure -> out.println("FAILED " + failure));
    if (result.failures().isEmpty()) {
      out.println("nothing found");
    }
    out.flush();
  }
}
