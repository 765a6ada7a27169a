package vesper.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import vesper.infrastructure.Folders;
import vesper.infrastructure.NatsServer;
import vesper.infrastructure.NatsSettings;
import vesper.infrastructure.PostgresServer;
import vesper.infrastructure.PostgresSettings;

/// A whole Vesper in a process of its own, with its own data folder, servers and free ports.
///
/// The program comes from the class path of the tests, so their module needs the launcher.
public final class VesperSystem implements AutoCloseable {
  private static final Duration READY_DEADLINE = Duration.ofMinutes(3);
  private static final Duration STOP_DEADLINE = Duration.ofMinutes(1);
  private static final Duration COMMAND_DEADLINE = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final int SHOWN_CHARACTERS = 8_000;

  private static final Set<VesperSystem> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("stop-test-systems")
                .unstarted(() -> RUNNING.forEach(VesperSystem::close)));
  }

  private final Path folder;
  private final List<String> flags;
  private final List<Process> beside = new ArrayList<>();
  private Process process;
  private RunningFile running;

  /// How a command of the program ended.
  ///
  /// @param exitCode 0 when it did what it was asked
  /// @param stdout what it printed as its answer
  /// @param stderr what it printed about its work
  public record Outcome(int exitCode, String stdout, String stderr) {}

  private VesperSystem(Path folder, List<String> flags) {
    this.folder = folder;
    this.flags = flags;
    this.process = launch();
    this.running = awaitReady();
  }

  /// Starts a system with `up` and these flags more, and waits until it is ready.
  public static VesperSystem start(String... flags) {
    Path folder = temporaryFolder();
    try {
      VesperSystem system = new VesperSystem(folder, List.of(flags));
      RUNNING.add(system);
      return system;
    } catch (RuntimeException e) {
      cleanUp(folder);
      throw e;
    }
  }

  /// The address that players and other clients use.
  public URI gateway() {
    return running.gateway().orElseThrow(() -> missing("gateway"));
  }

  /// The address of health, metrics and traces.
  public URI management() {
    return running.management().orElseThrow(() -> missing("management"));
  }

  /// The data folder.
  public Path data() {
    return data(folder);
  }

  /// The pid of the program.
  public long pid() {
    return process.pid();
  }

  /// All that the program has printed since its last start.
  public String output() {
    return read(folder.resolve("up.log"));
  }

  /// Runs another command of the program against this system, such as `run("status", "--json")`.
  public Outcome run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data", data().toString()));
    Path stdout = folder.resolve("stdout");
    Path stderr = folder.resolve("stderr");
    try {
      Process command =
          ProgramLine.of(all)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(stdout.toFile())
              .redirectError(stderr.toFile())
              .start();
      if (!awaitExit(command, COMMAND_DEADLINE)) {
        command.destroyForcibly();
        throw new IllegalStateException(
            "%s did not end within %s; it printed:%n%s%n%s"
                .formatted(
                    String.join(" ", arguments), COMMAND_DEADLINE, read(stdout), read(stderr)));
      }
      return new Outcome(command.exitValue(), read(stdout), read(stderr));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts another process of the program beside this system, such as `launch("run",
  /// "npc-behavior")`, and returns at once. It ends with the system at the latest.
  public Process launch(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data", data().toString()));
    try {
      Process other =
          ProgramLine.of(all)
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(folder.resolve("beside.log").toFile()))
              .start();
      beside.add(other);
      return other;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Ends the program at once, as `kill -9` does; what it left behind stays.
  public void kill() {
    process.destroyForcibly();
    if (!awaitExit(process, STOP_DEADLINE)) {
      throw new IllegalStateException("The killed program does not end");
    }
  }

  /// Stops the program in order, when it runs, and starts it again on the same data.
  public void restart() {
    stop();
    process = launch();
    running = awaitReady();
  }

  /// Stops the program in order; it must end within a minute.
  public void stop() {
    process.destroy();
    if (!awaitExit(process, STOP_DEADLINE)) {
      kill();
      throw new IllegalStateException(
          "The program did not stop within " + STOP_DEADLINE + "; it printed:\n" + shown());
    }
  }

  /// Stops the program and whatever it left behind, and deletes its data.
  @Override
  public void close() {
    RUNNING.remove(this);
    try {
      beside.forEach(Process::destroy);
      beside.forEach(other -> awaitExit(other, STOP_DEADLINE));
      stop();
    } finally {
      cleanUp(folder);
    }
  }

  private Process launch() {
    List<String> arguments = new ArrayList<>(List.of("up", "--port", "0"));
    arguments.addAll(List.of("--data", data().toString()));
    arguments.addAll(flags);
    try {
      return ProgramLine.of(arguments)
          .redirectErrorStream(true)
          .redirectOutput(folder.resolve("up.log").toFile())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RunningFile awaitReady() {
    long end = System.nanoTime() + READY_DEADLINE.toNanos();
    while (System.nanoTime() < end) {
      Optional<RunningFile> found =
          RunningFile.read(data())
              .filter(file -> file.pid() == process.pid())
              .filter(RunningFile::isReady);
      if (found.isPresent()) {
        return found.get();
      }
      if (awaitExit(process, POLL)) {
        throw new IllegalStateException(
            "The program ended with exit code %d; it printed:%n%s"
                .formatted(process.exitValue(), shown()));
      }
    }
    process.destroyForcibly();
    throw new IllegalStateException(
        "The program was not ready within " + READY_DEADLINE + "; it printed:\n" + shown());
  }

  private String shown() {
    String output = output();
    return output.substring(Math.max(0, output.length() - SHOWN_CHARACTERS));
  }

  private static boolean awaitExit(Process process, Duration deadline) {
    try {
      return process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      throw new IllegalStateException("Interrupted while waiting for the program", e);
    }
  }

  private static Path data(Path folder) {
    return folder.resolve("data");
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("vesper-system");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void cleanUp(Path folder) {
    Path data = data(folder);
    NatsServer.stopLeft(NatsSettings.in(data));
    PostgresServer.stopLeft(PostgresSettings.in(data));
    Folders.delete(folder);
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static IllegalStateException missing(String address) {
    return new IllegalStateException("The program did not write its " + address + " address");
  }
}
