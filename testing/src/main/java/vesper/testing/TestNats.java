package vesper.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import vesper.infrastructure.Folders;
import vesper.infrastructure.NatsServer;
import vesper.infrastructure.NatsSettings;

/// A NATS server for tests, seen from an account of the module under test.
public final class TestNats {
  private final URI url;

  private TestNats(URI url) {
    this.url = url;
  }

  /// The server that all test classes share; for tests without [NatsExtension].
  public static TestNats shared() {
    return new TestNats(SharedServers.nats());
  }

  /// Starts a server that only the caller knows, to be stopped and started again at will.
  public static Owned startOwn() {
    return new Owned();
  }

  /// The address with user and password.
  public URI url() {
    return url;
  }

  /// A private nats-server with JetStream that keeps its port and its data until closed.
  public static final class Owned implements AutoCloseable {
    private final Path folder;
    private final int port;
    private NatsServer server;

    private Owned() {
      try {
        folder = Files.createTempDirectory("vesper-nats");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      server = NatsServer.start(NatsSettings.disposable(folder), _ -> {});
      port = server.port();
    }

    /// The address with user and password; the same after a restart.
    public URI url() {
      return server.url();
    }

    /// Whether the server runs.
    public boolean isRunning() {
      return server.isAlive();
    }

    /// Stops the server in order.
    public void stop() {
      server.close();
    }

    /// Ends the server at once, as a crash would.
    public void kill() {
      server.kill();
    }

    /// Starts the stopped server again on the same port with the same data.
    public void start() {
      if (server.isAlive()) {
        throw new IllegalStateException("The test NATS runs already");
      }
      server = NatsServer.start(NatsSettings.disposable(folder).withPort(port), _ -> {});
      if (server.port() != port) {
        server.close();
        throw new IllegalStateException("Port " + port + " was taken while the test NATS was down");
      }
    }

    /// Stops the server and deletes its data.
    @Override
    public void close() {
      server.close();
      Folders.delete(folder);
    }
  }
}
