package vesper.infrastructure;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.function.Consumer;

/// A nats-server with JetStream on loopback that this process owns.
public final class NatsServer implements AutoCloseable {
  private final NatsProgram program;
  private final RunningServer server;

  private NatsServer(NatsProgram program, RunningServer server) {
    this.program = program;
    this.server = server;
  }

  /// Starts the server, or adopts the one that a killed owner of the same data folder left running.
  /// Blocks until it lets its user in.
  ///
  /// @param progress told what happens, one sentence a step
  /// @throws InfrastructureException when it cannot be found or does not become ready
  public static NatsServer start(NatsSettings settings, Consumer<String> progress) {
    FolderLock lock = FolderLock.acquire(settings.folder());
    try {
      NatsProgram program = program(settings, progress);
      return new NatsServer(
          program,
          RunningServer.adopt(program, lock, progress)
              .orElseGet(() -> RunningServer.launch(program, lock, settings.port())));
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /// Stops the server that a killed owner of the data folder left running, and tells whether there
  /// was one.
  ///
  /// @throws InfrastructureException when its owner lives
  public static boolean stopLeft(NatsSettings settings) {
    return RunningServer.stopLeft(
        new NatsProgram(settings, Path.of(NatsProgram.NAME), new NatsVersion(0, 0), ""));
  }

  /// Whether a nats-server answers at the address and lets its user in, over plain TCP.
  ///
  /// @param url `nats://USER:PASSWORD@HOST:PORT`
  public static boolean answers(URI url) {
    String[] userAndPassword = String.valueOf(url.getUserInfo()).split(":", 2);
    return userAndPassword.length == 2
        && NatsProbe.answers(
            new InetSocketAddress(url.getHost(), url.getPort()),
            userAndPassword[0],
            userAndPassword[1]);
  }

  private static NatsProgram program(NatsSettings settings, Consumer<String> progress) {
    Path binary = NatsBinary.find(settings.binary(), settings.cache(), progress);
    return new NatsProgram(
        settings,
        binary,
        NatsVersion.of(binary),
        SecretFile.readOrCreate(settings.folder().resolve("password")));
  }

  /// The address with user and password; with accounts, of the first one.
  public URI url() {
    return url(program.user());
  }

  /// The address with the user of an account and its password.
  public URI url(String account) {
    return URI.create(
        "nats://" + account + ":" + program.password() + "@127.0.0.1:" + server.port());
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

  /// Stops it in order: SIGTERM, a wait, SIGKILL. Stopping again does nothing.
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
    return NatsProgram.NAME + " on port " + port() + ", pid " + process().pid();
  }
}
