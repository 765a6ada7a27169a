package vesper.launcher;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import vesper.infrastructure.Ports;
import vesper.runtime.ConfigException;
import vesper.worldpack.InvalidPackException;
import vesper.worldpack.WorldPack;

/// Runs some services in a process of their own, beside a running system or on given servers, until
/// it is told to stop.
@Command(
    name = "run",
    description = "Runs services in this process, on the NATS and PostgreSQL of a running system.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Each start of the same service is one more replica: calls spread over all that are ready.",
      "It waits, not ready, while NATS or PostgreSQL is away. Ctrl-C or SIGTERM lets running calls end.",
      "Examples:",
      "  ./vesper run npc-behavior                     one more replica of a service",
      "  ./vesper run gateway --port 8100              one more gateway",
      "  ./vesper run auth time-manager --nats nats://user:pass@host:4222 --db postgresql://user:pass@host/vesper",
      "",
      "On another machine, copy the folder keys/ of the data directory first: it holds what services sign with."
    })
final class RunCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private SystemOptions options = new SystemOptions();

  @Parameters(arity = "1..*", paramLabel = "SERVICE", description = "Ids of services, or gateway.")
  private List<String> services = List.of();

  @Option(
      names = "--world",
      paramLabel = "DIR",
      description = "World pack (default: the one of the running system).")
  private @Nullable Path world;

  @Option(
      names = "--nats",
      paramLabel = "URL",
      description = "NATS (default: that of the data directory's system).")
  private @Nullable URI nats;

  @Option(
      names = "--db",
      paramLabel = "URL",
      description = "PostgreSQL (default: that of the data directory's system).")
  private @Nullable URI database;

  @Option(
      names = "--port",
      paramLabel = "N",
      description =
          "Port of the gateway when it runs here, 0 for a free one (default: 8000, or a free one when taken).")
  private @Nullable Integer port;

  @Option(
      names = "--management-port",
      paramLabel = "N",
      defaultValue = "0",
      description = "Port of health, metrics and traces (default: a free one).")
  private int managementPort;

  @Mixin private ModelOptions models = new ModelOptions();

  @Override
  public Integer call() throws Exception {
    long begin = System.nanoTime();
    List<String> known = new ArrayList<>(Catalogue.IDS);
    known.add(Catalogue.GATEWAY);
    Set<String> wanted = Catalogue.requireKnown(services, known);
    if (managementPort != 0 && Ports.freeOr(managementPort) != managementPort) {
      throw new CommandFailure(
          "--management-port " + managementPort + " is taken by another process");
    }
    PrintWriter out = spec.commandLine().getOut();
    DataDirectory data = options.dataDirectory();
    ServiceProcess process = start(data, wanted, step -> print(out, begin, step));
    ReplicaFile replica =
        ReplicaFile.ofThis(List.copyOf(wanted), process.management(), process.gateway());
    AutoCloseable file = replica.write(data);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("stop")
                .unstarted(() -> {
                  print(out, begin, "stopping");
                  process.close();
                  delete(file);
                  stopped.countDown();
                }));
    boolean ready = process.awaitReady(PATIENCE);
    print(
        out,
        begin,
        "%s: %s%s, health and metrics on %s"
            .formatted(
                ready ? "ready" : "not ready yet, it waits for what the log names",
                String.join(", ", wanted),
                process.gateway().map(uri -> " on " + uri).orElse(""),
                process.management()));
    stopped.await();
    return 0;
  }

  private ServiceProcess start(
      DataDirectory data, Set<String> wanted, java.util.function.Consumer<String> progress) {
    Map<String, String> flags = new HashMap<>(models.settings());
    if (port != null) {
      flags.put("vesper.gateway.port", Integer.toString(port));
    }
    try {
      return ServiceProcess.start(
          new ServiceProcess.Plan(
              wanted,
              WorldPack.load(pack(data)),
              new ServiceProcess.Infrastructure(
                  data, natsAddress(data), databaseAddress(data), managementPort),
              flags,
              Optional.empty()),
          progress);
    } catch (InvalidPackException | ConfigException | IllegalStateException failure) {
      throw new CommandFailure(String.valueOf(failure.getMessage()));
    } catch (IOException failure) {
      throw new CommandFailure(
          "no system was started in %s: start one there with ./vesper up, or name --nats and --db"
              .formatted(data.root()),
          CommandFailure.NOT_RUNNING);
    }
  }

  private Path pack(DataDirectory data) {
    if (world != null) {
      return world;
    }
    return Files.exists(data.running())
        ? Path.of(RunningSystem.read(data.running()).worldFolder())
        : SystemOptions.home().resolve("worlds/body-broker");
  }

  private URI natsAddress(DataDirectory data) throws IOException {
    return nats == null ? URI.create(Files.readString(data.natsAddress()).strip()) : nats;
  }

  private DatabaseAddress databaseAddress(DataDirectory data) throws IOException {
    return database == null
        ? DatabaseAddress.read(data.databaseAddress())
        : DatabaseAddress.parse(database);
  }

  private static void print(PrintWriter out, long begin, String what) {
    synchronized (out) {
      out.printf("[run] %5.1f s · %s%n", (System.nanoTime() - begin) / 1e9, what);
      out.flush();
    }
  }

  private static void delete(AutoCloseable file) {
    try {
      file.close();
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }
}
