package vesper.launcher;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Starts a world with everything it needs, and runs until it is told to stop.
@Command(
    name = "up",
    description =
        "Starts the system: all services, the gateway, and a NATS and PostgreSQL of its own.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./vesper up                                     in this terminal; Ctrl-C stops it",
      "  ./vesper up --detach                            in the background; ./vesper down stops it",
      "  ./vesper up --fresh                             forget everything first",
      "  ./vesper up --llm http://127.0.0.1:8080/v1      with a model server that speaks OpenAI's protocol",
      "  ./vesper up --model FILE.gguf                   with a model in this process",
      "  ./vesper up --services auth,time-manager        only these here; the others with ./vesper run",
      "  ./vesper up --nats nats://user:pass@host:4222 --db postgresql://user:pass@host/vesper",
      "",
      "Settings also come from vesper.yaml beside the script and from the environment (VESPER_<DOMAIN>_<KEY>)."
    })
final class UpCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private SystemOptions options = new SystemOptions();

  @Option(names = "--detach", description = "Return when everything is ready; the system goes on.")
  private boolean detach;

  @Option(names = "--fresh", description = "Delete the data directory's data first.")
  private boolean fresh;

  @Option(
      names = "--world",
      paramLabel = "DIR",
      description = "World pack (default: worlds/body-broker).")
  private @Nullable Path world;

  @Option(
      names = "--nats",
      paramLabel = "URL",
      description = "Use this NATS instead of starting one.")
  private @Nullable URI nats;

  @Option(
      names = "--db",
      paramLabel = "URL",
      description = "Use this PostgreSQL instead of starting one.")
  private @Nullable URI database;

  @Option(
      names = "--port",
      paramLabel = "N",
      description =
          "Port of the gateway, 0 for a free one (default: 8000, or a free one when taken).")
  private @Nullable Integer port;

  @Option(
      names = "--services",
      paramLabel = "IDS",
      split = ",",
      description = "Run only these services here; others can be run with ./vesper run.")
  private List<String> services = Catalogue.IDS;

  @Mixin private ModelOptions models = new ModelOptions();

  @Option(names = "--log-to-file", hidden = true, description = "Log to the data directory only.")
  private boolean logToFile;

  @Override
  public Integer call() throws Exception {
    if (detach) {
      throw new CommandFailure(
          "--detach is carried out by the script: ./vesper up --detach", CommandFailure.USAGE);
    }
    if (port != null && (port < 0 || port > 65535)) {
      throw new CommandFailure("--port takes 0 to 65535, not " + port, CommandFailure.USAGE);
    }
    Path pack = world == null ? SystemOptions.home().resolve("worlds/body-broker") : world;
    if (!Files.isDirectory(pack)) {
      throw new CommandFailure(
          "there is no world pack in %s; name one with --world DIR".formatted(pack),
          CommandFailure.USAGE);
    }
    Set<String> here = Catalogue.requireKnown(services, Catalogue.IDS);
    here.add(Catalogue.GATEWAY);
    PrintWriter out = spec.commandLine().getOut();
    CountDownLatch stopped = new CountDownLatch(1);
    LocalSystem.Settings settings =
        new LocalSystem.Settings(
            options.dataDirectory(), pack, here, nats, database, settings(), fresh, logToFile);
    LocalSystem system = new LocalSystem(settings, out);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("stop")
                .unstarted(() -> {
                  system.close();
                  awaitStartEnded(system);
                  stopped.countDown();
                }));
    system.start();
    stopped.await();
    return 0;
  }

  /// Returns what the options set, by full key.
  private Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>(models.settings());
    if (port != null) {
      settings.put("vesper.gateway.port", Integer.toString(port));
    }
    return settings;
  }

  private static void awaitStartEnded(LocalSystem system) {
    try {
      system.awaitStartEnded();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
