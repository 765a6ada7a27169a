package vesper.bench.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One process of `vesper run`, at the same ports in each of its lives.
final class Replica {
  private static final Duration STOP_WITHIN = Duration.ofSeconds(40);

  private final Plan plan;
  private volatile @Nullable Process process;

  /// What it runs.
  ///
  /// @param services ids of services; `gateway` too
  /// @param arguments where NATS, the database, the data and its ports are
  record Plan(
      String name,
      List<String> services,
      int gatewayPort,
      int managementPort,
      List<String> arguments,
      Path log) {}

  Replica(Plan plan) {
    this.plan = plan;
  }

  String name() {
    return plan.name();
  }

  boolean runs(String service) {
    return plan.services().contains(service);
  }

  URI management() {
    return URI.create("http://127.0.0.1:" + plan.managementPort());
  }

  int gatewayPort() {
    return plan.gatewayPort();
  }

  long pid() {
    return running().pid();
  }

  boolean alive() {
    Process now = process;
    return now != null && now.isAlive();
  }

  void start() {
    List<String> command = new ArrayList<>(program());
    command.add("run");
    command.addAll(plan.services());
    command.addAll(plan.arguments());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(plan.log().toFile()));
    builder.environment().keySet().removeIf(name -> name.startsWith("VESPER_"));
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The program as it was built for use, with its record of starts, when the script names it; else
  /// from this class path.
  private static List<String> program() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dvesper.home=" + System.getProperty("vesper.home", "."),
            "-Xmx512m"));
    String built = System.getProperty("vesper.program");
    if (built == null) {
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    } else {
      Path starts = Path.of(built, "vesper.aot");
      if (Files.exists(starts)) {
        command.addAll(List.of("-XX:AOTCache=" + starts, "-Xlog:aot*=off", "-Xlog:cds*=off"));
      }
      command.addAll(List.of("-cp", built + "/*"));
    }
    command.add("vesper.launcher.Main");
    return command;
  }

  /// Asks it to end in order, and waits.
  void stop() throws InterruptedException {
    Process now = running();
    now.destroy();
    if (!now.waitFor(STOP_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
      now.destroyForcibly().waitFor();
      throw new IllegalStateException(plan.name() + " did not end in " + STOP_WITHIN);
    }
  }

  /// Ends it as `kill -9` does; does nothing when it does not run.
  void kill() {
    Process now = process;
    if (now != null) {
      now.destroyForcibly().onExit().join();
    }
  }

  /// Sends a signal, such as STOP and CONT.
  void signal(String name) throws InterruptedException {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(pid())).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process running() {
    Process now = process;
    if (now == null) {
      throw new IllegalStateException(plan.name() + " was never started");
    }
    return now;
  }
}
