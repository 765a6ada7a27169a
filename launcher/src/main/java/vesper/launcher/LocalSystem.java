package vesper.launcher;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vesper.gateway.Gateway;
import vesper.gateway.GatewayConfig;
import vesper.infrastructure.InfrastructureException;
import vesper.infrastructure.NatsServer;
import vesper.infrastructure.NatsSettings;
import vesper.infrastructure.Ports;
import vesper.infrastructure.PostgresServer;
import vesper.infrastructure.PostgresSettings;
import vesper.runtime.Config;
import vesper.runtime.ConfigException;
import vesper.runtime.Host;
import vesper.runtime.InstallationKeys;
import vesper.worldpack.InvalidPackException;
import vesper.worldpack.WorldPack;

/// A whole system in this process: starts NATS, PostgreSQL, all services and the gateway in order,
/// tells others where it runs, and stops everything in the reverse order.
final class LocalSystem implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
  private static final Duration DRAIN_WITHIN = Duration.ofSeconds(25);
  private static final int DEFAULT_PORT = 8000;
  private static final int MANAGEMENT_PORT = 8001;
  private static final Logger LOG = LoggerFactory.getLogger(LocalSystem.class);

  private final Settings settings;
  private final PrintWriter out;
  private final Instant startedAt = Instant.now();
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final CountDownLatch startEnded = new CountDownLatch(1);
  private final List<RunningSystem.Part> processes = new ArrayList<>();
  private @Nullable RunningSystem running;
  private boolean closed;

  /// What to start and where; an absent address means one of its own.
  ///
  /// @param flags settings that the command line gives, by full key
  record Settings(
      DataDirectory data,
      Path world,
      @Nullable URI nats,
      @Nullable URI database,
      Map<String, String> flags,
      boolean fresh,
      boolean logToFile) {}

  /// Where the database is and how to get in.
  private record Database(String jdbcUrl, String user, String password) {}

  LocalSystem(Settings settings, PrintWriter out) {
    this.settings = settings;
    this.out = out;
  }

  /// Starts everything; returns when it is ready.
  void start() throws Exception {
    try {
      begin();
    } finally {
      startEnded.countDown();
    }
  }

  private void begin() throws Exception {
    push(lock());
    if (settings.fresh()) {
      step("deleting the old data");
      Erasure.erase(settings.data());
    }
    try {
      startParts();
    } catch (InvalidPackException invalid) {
      throw new CommandFailure(
          "the world pack %s has errors:%n%s".formatted(settings.world(), invalid.getMessage()));
    } catch (ConfigException | InfrastructureException | IllegalStateException failure) {
      LOG.atError().setCause(failure).log("The system does not start");
      throw new CommandFailure(String.valueOf(failure.getMessage()));
    }
  }

  private void startParts() throws Exception {
    WorldPack world;
    URI nats;
    Database database;
    processes.add(RunningSystem.Part.of("vesper", ProcessHandle.current().pid()));
    announceStarting();
    try (ExecutorService parallel = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<WorldPack> loading = parallel.submit(() -> WorldPack.load(settings.world()));
      Future<@Nullable NatsServer> broker = parallel.submit(this::startNats);
      Future<@Nullable PostgresServer> store = parallel.submit(this::startPostgres);
      NatsServer ownNats = await(broker);
      PostgresServer ownPostgres = await(store);
      world = await(loading);
      nats = ownNats == null ? given(settings.nats()) : ownNats.url();
      database =
          ownPostgres == null
              ? parse(given(settings.database()))
              : new Database(ownPostgres.jdbcUrl(), ownPostgres.user(), ownPostgres.password());
      if (ownPostgres != null) {
        processes.add(RunningSystem.Part.of("postgres", ownPostgres.process().pid()));
      }
      if (ownNats != null) {
        processes.add(RunningSystem.Part.of("nats-server", ownNats.process().pid()));
      }
    }
    Files.deleteIfExists(settings.data().natsAddress());
    Secrets.writeNew(settings.data().natsAddress(), nats.toString());
    announceStarting();

    step("starting the services");
    Config config = config();
    Host host =
        Host.builder()
            .config(config)
            .settings("gateway", GatewayConfig.class)
            .nats(nats)
            .database(database.jdbcUrl(), database.user(), database.password())
            .keys(InstallationKeys.open(settings.data().keys()))
            .modules(Catalogue.modules(world))
            .managementPort(Ports.freeOr(MANAGEMENT_PORT))
            .build();
    // The host sets up logging first.
    LogFile.open(settings.data().logs().resolve("vesper.log"), settings.logToFile(), config);
    push(host);
    host.start();

    step("opening the gateway");
    GatewayConfig gatewayConfig = config.read("gateway", GatewayConfig.class);
    Gateway gateway =
        Gateway.start(
            gatewayConfig, Catalogue.CONTRACTS, host.channel(), host.tokens(), host.tracing());
    push(gateway);
    push(() -> drain(gateway, host));
    if (!host.awaitReady(READY_WITHIN)) {
      throw new CommandFailure(
          "the services did not become ready in %d s; the log says why: ./vesper logs"
              .formatted(READY_WITHIN.toSeconds()));
    }
    announce(RunningSystem.State.READY, world, gateway.uri(), host.management(), nats, database);
    step(
        "ready: %s on %s, health and metrics on %s"
            .formatted(world.name(), gateway.uri(), host.management()));
  }

  private @Nullable NatsServer startNats() {
    if (settings.nats() != null) {
      return null;
    }
    step("starting nats-server");
    NatsServer server = NatsServer.start(NatsSettings.in(settings.data().root()), this::step);
    push(server);
    return server;
  }

  private @Nullable PostgresServer startPostgres() {
    if (settings.database() != null) {
      return null;
    }
    step("starting PostgreSQL");
    PostgresServer server =
        PostgresServer.start(PostgresSettings.in(settings.data().root()), this::step);
    push(server);
    return server;
  }

  /// Remembers a part to stop; a system that is already stopping stops it at once.
  private synchronized void push(AutoCloseable part) {
    started.push(part);
    if (closed) {
      closed = false;
      close();
      throw new CommandFailure("stopped while starting");
    }
  }

  /// Flags win over the environment and vesper.yaml.
  private Config config() {
    Config config = Config.load(settings.flags(), SystemOptions.home().resolve("vesper.yaml"));
    // What nobody set is made up here: a secret of this installation, and a port that is free.
    return config
        .orElse(
            "vesper.auth.master-secret",
            () -> Secrets.readOrCreate(settings.data().keys().resolve("master.secret")))
        .orElse("vesper.gateway.port", () -> Integer.toString(Ports.freeOr(DEFAULT_PORT)));
  }

  private AutoCloseable lock() throws IOException {
    FileChannel channel =
        FileChannel.open(
            settings.data().lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      channel.close();
      throw new CommandFailure(
          "a system already runs in %s. See it with ./vesper status, stop it with ./vesper down, or start another one with --data DIR"
              .formatted(settings.data().root()));
    }
    return channel;
  }

  private void announce(
      RunningSystem.State state,
      WorldPack world,
      URI gateway,
      URI management,
      URI nats,
      Database database) {
    announce(
        new RunningSystem(
            state,
            Version.current(),
            startedAt,
            world.name(),
            gateway,
            management,
            withoutPassword(nats),
            URI.create(database.jdbcUrl().substring("jdbc:".length())),
            List.copyOf(processes)));
  }

  /// Tells which processes there are, before anything can be called.
  private void announceStarting() {
    URI nowhere = URI.create("http://127.0.0.1:0");
    announce(
        new RunningSystem(
            RunningSystem.State.STARTING,
            Version.current(),
            startedAt,
            String.valueOf(settings.world().getFileName()),
            nowhere,
            nowhere,
            nowhere,
            nowhere,
            List.copyOf(processes)));
  }

  private synchronized void announce(RunningSystem now) {
    if (!closed) {
      running = now;
      now.write(settings.data().running());
    }
  }

  private void step(String what) {
    Duration elapsed = Duration.between(startedAt, Instant.now());
    synchronized (out) {
      out.printf("[up] %5.1f s · %s%n", elapsed.toMillis() / 1000.0, what);
      out.flush();
    }
  }

  /// Stops what was started, the last first. What fails to stop is told and does not keep the rest
  /// from stopping.
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (running != null) {
      running.with(RunningSystem.State.STOPPING).write(settings.data().running());
      step("stopping");
    }
    while (!started.isEmpty()) {
      AutoCloseable part = started.pop();
      if (started.isEmpty() && running != null) {
        deleteRunning();
      }
      try {
        part.close();
      } catch (Exception failure) {
        step("%s did not stop cleanly: %s".formatted(part.getClass().getSimpleName(), failure));
      }
    }
  }

  /// Waits until a start that was cut short has given back what it had taken.
  void awaitStartEnded() throws InterruptedException {
    if (!startEnded.await(READY_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
      step("the start did not end in time");
    }
  }

  private void deleteRunning() {
    try {
      Files.deleteIfExists(settings.data().running());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Refuses new requests and waits for the running ones, at the edge and in the services at once:
  /// a stream without an end ends when its service stops.
  private static void drain(Gateway gateway, Host host) throws InterruptedException {
    Thread services = Thread.ofVirtual().start(() -> host.drain(DRAIN_WITHIN));
    gateway.drain(DRAIN_WITHIN);
    services.join();
  }

  private static <T extends @Nullable Object> T await(Future<T> part) throws Exception {
    try {
      return part.get();
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw failure;
    }
  }

  private static URI given(@Nullable URI uri) {
    if (uri == null) {
      throw new IllegalStateException("neither given nor started");
    }
    return uri;
  }

  private static URI withoutPassword(URI nats) {
    return URI.create("%s://%s:%d".formatted(nats.getScheme(), nats.getHost(), nats.getPort()));
  }

  /// Understands `postgresql://user:password@host:port/name`, with `postgres:` or
  /// `jdbc:postgresql:` too.
  private static Database parse(URI given) {
    URI uri =
        given.toString().startsWith("jdbc:") ? URI.create(given.toString().substring(5)) : given;
    String user = uri.getUserInfo();
    if (uri.getScheme() == null
        || !uri.getScheme().startsWith("postgres")
        || user == null
        || !user.contains(":")) {
      throw new CommandFailure(
          "--db takes postgresql://user:password@host:port/name", CommandFailure.USAGE);
    }
    int port = uri.getPort() < 0 ? 5432 : uri.getPort();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return new Database(
        "jdbc:postgresql://%s:%d%s%s".formatted(uri.getHost(), port, uri.getPath(), query),
        user.substring(0, user.indexOf(':')),
        user.substring(user.indexOf(':') + 1));
  }
}
