package vesper.infrastructure;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/// A server process of ours, started here or found again, with its log file.
final class OwnedProcess {
  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration AFTER_KILL = Duration.ofSeconds(10);

  /// The system ties a child that shall die with its parent to the thread that started it, so that
  /// thread must live as long as the program.
  private static final ExecutorService STARTER =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("process-starter").factory());

  private final ProcessHandle handle;
  private final ProcessIdentity identity;
  private final BooleanSupplier alive;
  private final Future<ProcessHandle> exit;
  private final Path log;
  private final long logStart;

  private OwnedProcess(
      ProcessHandle handle,
      ProcessIdentity identity,
      BooleanSupplier alive,
      Path log,
      long logStart) {
    this.handle = handle;
    this.identity = identity;
    this.alive = alive;
    this.exit = handle.onExit();
    this.log = log;
    this.logStart = logStart;
  }

  /// Starts a server in a session of its own, so that a Ctrl-C in the terminal reaches only its
  /// owner, which then stops it in order.
  static OwnedProcess launch(String program, List<String> command, Path folder, Path log) {
    long logStart = LogTail.prepare(log);
    List<String> whole = new ArrayList<>();
    Host.findProgram("setsid").ifPresent(setsid -> whole.add(setsid.toString()));
    whole.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(whole)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      Process process = STARTER.submit(builder::start).get();
      process.getOutputStream().close();
      ProcessHandle handle = process.toHandle();
      ProcessIdentity identity =
          new ProcessIdentity(
              handle.pid(), handle.info().startInstant().orElseGet(Instant::now), program);
      return new OwnedProcess(handle, identity, handle::isAlive, log, logStart);
    } catch (ExecutionException | IOException e) {
      throw new InfrastructureException(
          "Cannot start " + command.getFirst() + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InfrastructureException("Interrupted while starting " + program, e);
    }
  }

  /// What makes the system end a child when its owner dies, where it can: the beginning of a
  /// command.
  static List<String> diesWithOwner(String signal) {
    return Host.findProgram("setpriv")
        .map(setpriv -> List.of(setpriv.toString(), "--pdeathsig", signal, "--"))
        .orElse(List.of());
  }

  /// Finds a process that an earlier owner started. It is nobody's child now, so it may stay in the
  /// process table after its end; then its program is gone.
  static Optional<OwnedProcess> find(ProcessIdentity identity, Path log) {
    return identity
        .find()
        .map(handle ->
            new OwnedProcess(
                handle, identity, () -> identity.find().isPresent(), log, LogTail.size(log)));
  }

  ProcessIdentity identity() {
    return identity;
  }

  boolean isAlive() {
    return alive.getAsBoolean();
  }

  /// The end of what it printed since it is ours.
  String tail() {
    return LogTail.of(log, logStart);
  }

  /// Waits until the server answers; false when it ended or the deadline passed before.
  boolean awaitReady(BooleanSupplier answers, Duration deadline) {
    long end = System.nanoTime() + deadline.toNanos();
    while (!answers.getAsBoolean()) {
      if (System.nanoTime() > end || !isAlive()) {
        return false;
      }
      pause();
    }
    return true;
  }

  /// Asks it to end by a signal, waits, and kills it when it did not listen.
  void stop(String signal, Duration patience) {
    if (!signal(signal, patience)) {
      kill();
    }
  }

  /// Sends a signal and tells whether the process ended in time.
  boolean signal(String name, Duration patience) {
    if (!isAlive()) {
      return true;
    }
    Command.run(
        Path.of("/"),
        Duration.ofSeconds(10),
        List.of("/bin/sh", "-c", "kill -" + name + " " + handle.pid()));
    return awaitExit(patience);
  }

  /// Ends it at once.
  void kill() {
    handle.destroyForcibly();
    if (!awaitExit(AFTER_KILL)) {
      throw new InfrastructureException(
          identity.program() + " (pid " + identity.pid() + ") does not end even when killed");
    }
  }

  private boolean awaitExit(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    while (isAlive()) {
      if (System.nanoTime() > end) {
        return false;
      }
      pause();
    }
    return true;
  }

  /// Waits a moment, less when the process ends.
  private void pause() {
    try {
      exit.get(POLL.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InfrastructureException("Interrupted while waiting for " + identity.program(), e);
    }
  }
}
