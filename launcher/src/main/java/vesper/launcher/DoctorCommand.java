package vesper.launcher;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import vesper.infrastructure.InfrastructureException;
import vesper.infrastructure.NatsServer;
import vesper.infrastructure.NatsSettings;
import vesper.infrastructure.Ports;
import vesper.infrastructure.PostgresServer;
import vesper.infrastructure.PostgresSettings;
import vesper.worldpack.Finding;
import vesper.worldpack.PackValidator;

/// Checks that this machine can run a system, and what a running one says of itself.
@Command(
    name = "doctor",
    description =
        "Checks what the system needs on this machine, and says how to mend what is missing.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private static final long ENOUGH_BYTES = 2L << 30;
  private static final long ENOUGH_FILES = 4096;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private SystemOptions options = new SystemOptions();

  @Option(names = "--world", paramLabel = "DIR", description = "World pack to check.")
  private @Nullable Path world;

  private record Check(boolean good, String name, String result) {}

  @Override
  public Integer call() throws Exception {
    DataDirectory data = options.dataDirectory();
    List<Check> checks = new ArrayList<>();
    checks.add(new Check(true, "java", Runtime.version().toString()));
    checks.add(disk(data));
    checks.add(openFiles());
    checks.add(pack());
    Path scratch = Files.createTempDirectory("vesper-doctor");
    try {
      checks.add(nats(scratch));
      checks.add(postgres(scratch));
    } finally {
      Trees.delete(scratch);
    }
    checks.add(running(data));
    PrintWriter out = spec.commandLine().getOut();
    for (Check check : checks) {
      out.printf("%-4s %-14s %s%n", check.good() ? "ok" : "BAD", check.name(), check.result());
    }
    return checks.stream().allMatch(Check::good) ? 0 : CommandFailure.FAILED;
  }

  private static Check disk(DataDirectory data) throws IOException {
    FileStore store = Files.getFileStore(data.root());
    long free = store.getUsableSpace();
    return new Check(
        free >= ENOUGH_BYTES,
        "disk",
        "%.1f GiB free in %s%s"
            .formatted(
                free / (double) (1 << 30),
                data.root(),
                free >= ENOUGH_BYTES
                    ? ""
                    : "; at least 2 GiB are needed: choose another folder with --data DIR"));
  }

  private static Check openFiles() throws IOException {
    Path limits = Path.of("/proc/self/limits");
    if (!Files.exists(limits)) {
      return new Check(true, "open files", "not known on this system");
    }
    for (String line : Files.readAllLines(limits)) {
      if (line.startsWith("Max open files")) {
        String soft = line.substring("Max open files".length()).strip().split("\\s+", -1)[0];
        boolean good = soft.equals("unlimited") || Long.parseLong(soft) >= ENOUGH_FILES;
        return new Check(
            good,
            "open files",
            soft + " allowed" + (good ? "" : "; raise it with: ulimit -n " + ENOUGH_FILES));
      }
    }
    return new Check(true, "open files", "not known on this system");
  }

  private Check pack() {
    Path folder = world == null ? SystemOptions.home().resolve("worlds/body-broker") : world;
    List<Finding> findings = PackValidator.validate(folder);
    List<Finding> errors =
        findings.stream().filter(finding -> finding.severity() == Finding.Severity.ERROR).toList();
    return new Check(
        errors.isEmpty(),
        "world pack",
        errors.isEmpty()
            ? "%s, %d warnings".formatted(folder, findings.size())
            : "%s:%n%s"
                .formatted(
                    folder,
                    String.join(
                        System.lineSeparator(), errors.stream().map(Finding::toString).toList())));
  }

  private static Check nats(Path scratch) {
    try (NatsServer server = NatsServer.start(NatsSettings.disposable(scratch), step -> {})) {
      return new Check(true, "nats-server", "starts, port " + server.port());
    } catch (InfrastructureException failure) {
      return new Check(false, "nats-server", String.valueOf(failure.getMessage()));
    }
  }

  private static Check postgres(Path scratch) {
    try (PostgresServer server =
        PostgresServer.start(PostgresSettings.disposable(scratch), step -> {})) {
      return new Check(true, "postgresql", "starts, port " + server.port());
    } catch (InfrastructureException failure) {
      return new Check(false, "postgresql", String.valueOf(failure.getMessage()));
    }
  }

  private static Check running(DataDirectory data) {
    if (!Files.exists(data.running())) {
      boolean free = Ports.freeOr(8000) == 8000;
      return new Check(
          true,
          "system",
          "not running; port 8000 is " + (free ? "free" : "taken, another will be used"));
    }
    RunningSystem system = RunningSystem.read(data.running());
    if (!system.alive()) {
      return new Check(
          false, "system", "was killed and left parts behind; clean up with: ./vesper down");
    }
    boolean ready = Management.ready(system.management());
    return new Check(
        ready,
        "system",
        ready
            ? "ready on " + system.gateway()
            : "not ready; see " + system.management() + "/health/ready");
  }
}
