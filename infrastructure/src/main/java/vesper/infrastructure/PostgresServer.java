package vesper.infrastructure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// A PostgreSQL on loopback that this process owns, with one database and one role for services.
public final class PostgresServer implements AutoCloseable {
  /// The name of the database and of the role that owns it.
  public static final String NAME = "vesper";

  private final PostgresProgram program;
  private final RunningServer server;

  private PostgresServer(PostgresProgram program, RunningServer server) {
    this.program = program;
    this.server = server;
  }

  /// Starts the server, or adopts the one that a killed owner of the same data folder left running.
  /// The first start makes the cluster. Blocks until it answers.
  ///
  /// @param progress told what happens, one sentence a step
  /// @throws InfrastructureException when it does not become ready
  public static PostgresServer start(PostgresSettings settings, Consumer<String> progress) {
    return start(settings, RunAs::choose, progress);
  }

  static PostgresServer start(
      PostgresSettings settings, Function<Path, RunAs> way, Consumer<String> progress) {
    FolderLock lock = FolderLock.acquire(settings.folder());
    try {
      RunAs runAs = way.apply(settings.folder());
      PostgresBinaries binaries =
          PostgresBinaries.unpack(binariesFolder(settings, runAs), progress);
      PostgresProgram program = program(new PostgresCluster(settings, binaries, runAs));
      RunningServer server =
          RunningServer.adopt(program, lock, progress)
              .orElseGet(() -> launch(program, lock, progress));
      try {
        program.prepare(server.port());
      } catch (RuntimeException e) {
        server.close();
        throw e;
      }
      return new PostgresServer(program, server);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static RunningServer launch(
      PostgresProgram program, FolderLock lock, Consumer<String> progress) {
    PostgresCluster cluster = program.cluster();
    if (!cluster.exists()) {
      progress.accept("Making a PostgreSQL cluster in " + cluster.settings().cluster());
      cluster.initialize(program.superuserPassword());
    }
    cluster.check();
    return RunningServer.launch(program, lock, cluster.settings().port());
  }

  /// Stops the server that a killed owner of the data folder left running, and tells whether there
  /// was one.
  ///
  /// @throws InfrastructureException when its owner lives
  public static boolean stopLeft(PostgresSettings settings) {
    PostgresBinaries none = new PostgresBinaries(settings.cache());
    RunAs ourselves = new RunAs(List.of(), Optional.empty());
    return RunningServer.stopLeft(
        new PostgresProgram(new PostgresCluster(settings, none, ourselves), "", ""));
  }

  private static PostgresProgram program(PostgresCluster cluster) {
    Path folder = cluster.settings().folder();
    return new PostgresProgram(
        cluster,
        SecretFile.readOrCreate(folder.resolve("superuser-password")),
        SecretFile.readOrCreate(folder.resolve("password")));
  }

  /// The cache may lie where only root may enter.
  private static Path binariesFolder(PostgresSettings settings, RunAs runAs) {
    try {
      Files.createDirectories(settings.cache());
    } catch (IOException e) {
      throw new InfrastructureException("Cannot make the folder " + settings.cache(), e);
    }
    return runAs.canEnter(settings.cache()) ? settings.cache() : settings.folder();
  }

  /// The JDBC address of the services' database, without user and password.
  public String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:" + port() + "/" + NAME;
  }

  /// The role that owns the database and may make others.
  public String user() {
    return NAME;
  }

  /// The role's password, random per data folder.
  public String password() {
    return program.password();
  }

  /// The port on loopback.
  public int port() {
    return server.port();
  }

  /// The server's process, for the record of what runs.
  public ProcessIdentity process() {
    return server.process().identity();
  }

  /// Whether the process lives.
  public boolean isAlive() {
    return server.process().isAlive();
  }

  /// The file with all it prints.
  public Path log() {
    return program.log();
  }

  /// Stops it in order, ending its sessions. Stopping again does nothing.
  @Override
  public void close() {
    server.close();
  }

  /// Ends it at once, as a crash would.
  public void kill() {
    server.kill();
  }

  @Override
  public String toString() {
    return "postgres on port " + port() + ", pid " + process().pid();
  }
}
