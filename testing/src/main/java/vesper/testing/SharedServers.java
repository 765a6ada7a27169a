package vesper.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import vesper.infrastructure.Folders;
import vesper.infrastructure.NatsServer;
import vesper.infrastructure.NatsSettings;
import vesper.infrastructure.PostgresServer;
import vesper.infrastructure.PostgresSettings;

/// The servers that all test classes of this process share.
final class SharedServers {
  private static final SharedServers INSTANCE = new SharedServers();

  private @Nullable NatsServer nats;
  private @Nullable PostgresServer postgres;
  private @Nullable Path folder;
  private @Nullable URI checked;

  private SharedServers() {}

  /// The address of the shared NATS with a user of the module under test.
  static URI nats() {
    return TestEnvironment.find(TestEnvironment.NATS_URL)
        .map(url -> INSTANCE.givenNats(withUser(URI.create(url), TestEnvironment.account())))
        .orElseGet(INSTANCE::ownNats);
  }

  /// The shared PostgreSQL.
  static DatabaseServer postgres() {
    return TestEnvironment.find(TestEnvironment.DB_URL)
        .map(DatabaseServer::of)
        .orElseGet(INSTANCE::ownPostgres);
  }

  static URI withUser(URI url, String user) {
    String password =
        Optional.ofNullable(url.getUserInfo())
            .filter(info -> info.contains(":"))
            .map(info -> info.substring(info.indexOf(':') + 1))
            .orElseThrow(() ->
                new IllegalArgumentException(
                    TestEnvironment.NATS_URL
                        + " must be nats://USER:PASSWORD@HOST:PORT, where every module's"
                        + " directory name is a user with that password"));
    return URI.create(
        url.getScheme()
            + "://"
            + user
            + ":"
            + password
            + "@"
            + url.getHost()
            + ":"
            + url.getPort());
  }

  private synchronized URI givenNats(URI url) {
    if (!url.equals(checked)) {
      check(url);
      checked = url;
    }
    return url;
  }

  /// Tells a missing account from a failing test.
  static void check(URI url) {
    if (!NatsServer.answers(url)) {
      throw new IllegalStateException(
          "The NATS of "
              + TestEnvironment.NATS_URL
              + " does not answer, or has no account with the user '"
              + TestEnvironment.account()
              + "'");
    }
  }

  private synchronized URI ownNats() {
    if (nats == null) {
      String module = TestEnvironment.module();
      nats =
          NatsServer.start(
              NatsSettings.disposable(folder()).withAccounts(List.of(module)), _ -> {});
    }
    return nats.url();
  }

  private synchronized DatabaseServer ownPostgres() {
    if (postgres == null) {
      postgres = PostgresServer.start(PostgresSettings.disposable(folder()), _ -> {});
    }
    return new DatabaseServer("127.0.0.1", postgres.port(), postgres.user(), postgres.password());
  }

  private Path folder() {
    if (folder == null) {
      try {
        folder = Files.createTempDirectory("vesper-tests");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      Runtime.getRuntime()
          .addShutdownHook(Thread.ofPlatform().name("stop-test-servers").unstarted(this::stop));
    }
    return folder;
  }

  private synchronized void stop() {
    if (nats != null) {
      nats.close();
    }
    if (postgres != null) {
      postgres.close();
    }
    if (folder != null) {
      Folders.delete(folder);
    }
  }
}
