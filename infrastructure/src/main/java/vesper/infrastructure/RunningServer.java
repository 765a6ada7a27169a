package vesper.infrastructure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// A server process that has its folder to itself from start to stop.
final class RunningServer implements AutoCloseable {
  private static final int PORT_ATTEMPTS = 5;
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final ServerProgram program;
  private final FolderLock lock;
  private final OwnedProcess process;
  private final int port;

  private RunningServer(ServerProgram program, FolderLock lock, OwnedProcess process, int port) {
    this.program = program;
    this.lock = lock;
    this.process = process;
    this.port = port;
  }

  /// Finds the server that an earlier owner of the folder left running: adopts it when it does what
  /// is asked, else stops it.
  static Optional<RunningServer> adopt(
      ServerProgram program, FolderLock lock, Consumer<String> progress) {
    return findLeft(program).flatMap(left -> adopt(program, lock, left, progress));
  }

  private static Optional<RunningServer> adopt(
      ServerProgram program, FolderLock lock, Left left, Consumer<String> progress) {
    OwnedProcess process = left.process();
    int port = left.port();
    String who = program.name() + " with pid " + process.identity().pid();
    if (port != 0 && program.mayAdopt(port)) {
      progress.accept("Adopting the running " + who);
      new ServerRecord(process.identity(), port).write(recordFile(program));
      return Optional.of(new RunningServer(program, lock, process, port));
    }
    progress.accept("Stopping the " + who + " that was left running");
    program.stop(process);
    return Optional.empty();
  }

  /// Starts the program on the wished port or, when somebody takes it, on a free one.
  static RunningServer launch(ServerProgram program, FolderLock lock, int wishedPort) {
    int port = Ports.freeOr(wishedPort);
    long patience = System.nanoTime() + program.startDeadline().toNanos();
    for (int attempt = 1; ; ) {
      OwnedProcess process =
          OwnedProcess.launch(
              program.name(), program.command(port), program.folder(), program.log());
      try {
        new ServerRecord(process.identity(), port).write(recordFile(program));
        int chosen = port;
        if (process.awaitReady(() -> program.answers(chosen), program.startDeadline())) {
          return new RunningServer(program, lock, process, port);
        }
        String tail = process.isAlive() ? "" : process.tail();
        boolean portTaken = tail.contains(program.portTaken());
        boolean remains =
            !program.remainsOfACrash().isEmpty() && tail.contains(program.remainsOfACrash());
        if (remains && System.nanoTime() < patience) {
          LockSupport.parkNanos(PAUSE.toNanos());
          continue;
        }
        if (attempt == PORT_ATTEMPTS || !portTaken) {
          throw failure(program, process);
        }
        attempt++;
      } catch (RuntimeException e) {
        process.kill();
        deleteRecord(program);
        throw e;
      }
      port = Ports.free();
    }
  }

  private static InfrastructureException failure(ServerProgram program, OwnedProcess process) {
    String what =
        process.isAlive()
            ? "did not answer within " + program.startDeadline().toSeconds() + " s"
            : "ended while starting";
    return new InfrastructureException(
        program.name()
            + " "
            + what
            + "; its log "
            + program.log()
            + " ends with:\n"
            + process.tail());
  }

  /// Stops what an earlier owner of the folder left running and tells whether there was something.
  static boolean stopLeft(ServerProgram program) {
    try (FolderLock _ = FolderLock.acquire(program.folder())) {
      Optional<Left> left = findLeft(program);
      left.ifPresent(found -> program.stop(found.process()));
      deleteRecord(program);
      return left.isPresent();
    }
  }

  private record Left(OwnedProcess process, int port) {}

  private static Optional<Left> findLeft(ServerProgram program) {
    return ServerRecord.read(recordFile(program))
        .flatMap(record -> find(program, record))
        .or(() -> program.selfRecorded().flatMap(record -> find(program, record)));
  }

  private static Optional<Left> find(ServerProgram program, ServerRecord record) {
    return OwnedProcess.find(record.process(), program.log())
        .map(process -> new Left(process, record.port()));
  }

  int port() {
    return port;
  }

  OwnedProcess process() {
    return process;
  }

  /// Stops the server in order and gives the folder free. Closing again does nothing. An interrupt
  /// that came before does not prevent it.
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try {
      program.stop(process);
      release();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Ends the server as a crash would and gives the folder free.
  void kill() {
    process.kill();
    release();
  }

  private void release() {
    if (lock.isHeld()) {
      deleteRecord(program);
      lock.close();
    }
  }

  private static void deleteRecord(ServerProgram program) {
    try {
      Files.deleteIfExists(recordFile(program));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path recordFile(ServerProgram program) {
    return program.folder().resolve("process");
  }
}
