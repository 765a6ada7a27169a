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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vesper.infrastructure.InfrastructureException;
import vesper.infrastructure.NatsServer;
import vesper.infrastructure.NatsSettings;
import vesper.infrastructure.PostgresServer;
import vesper.infrastructure.PostgresSettings;
import vesper.runtime.ConfigException;
import vesper.worldpack.InvalidPackException;
import vesper.worldpack.WorldPack;

/// A whole system in this process: starts NATS, PostgreSQL, all services and the gateway in order,
/// tells others where it runs, and stops everything in the reverse order.
final class LocalSystem implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
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
      Set<String> services,
      @Nullable URI nats,
      @Nullable URI database,
      Map<String, String> flags,
      boolean fresh,
      boolean logToFile) {}

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
    DatabaseAddress database;
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
              ? DatabaseAddress.parse(given(settings.database()))
              : new DatabaseAddress(
                  ownPostgres.jdbcUrl(), ownPostgres.user(), ownPostgres.password());
      if (ownPostgres != null) {
        processes.add(RunningSystem.Part.of("postgres", ownPostgres.process().pid()));
      }
      if (ownNats != null) {
        processes.add(RunningSystem.Part.of("nats-server", ownNats.process().pid()));
      }
    }
    Files.deleteIfExists(settings.data().natsAddress());
    Secrets.writeNew(settings.data().natsAddress(), nats.toString());
    database.write(settings.data().databaseAddress());
    announceStarting();

    ServiceProcess services =
        ServiceProcess.start(
            new ServiceProcess.Plan(
                settings.services(),
                world,
                new ServiceProcess.Infrastructure(settings.data(), nats, database, MANAGEMENT_PORT),
                settings.flags(),
                Optional.of(
                    new LogFile(
                        settings.data().logs().resolve("vesper.log"), settings.logToFile()))),
            this::step);
    push(services);
    if (!services.awaitReady(READY_WITHIN)) {
      throw new CommandFailure(
          "the services did not become ready in %d s; the log says why: ./vesper logs"
              .formatted(READY_WITHIN.toSeconds()));
    }
    URI gateway = services.gateway().orElseThrow();
    announce(
        new RunningSystem(
            RunningSystem.State.READY,
            Version.current(),
            startedAt,
            world.name(),
            settings.world().toAbsolutePath().toString(),
            gateway,
            services.management(),
            withoutPassword(nats),
            database.withoutPassword(),
            List.copyOf(processes)));
    step(
        "ready: %s on %s, health and metrics on %s"
            .formatted(world.name(), gateway, services.management()));
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

  /// Tells which processes there are, before anything can be called.
  private void announceStarting() {
    URI nowhere = URI.create("http://127.0.0.1:0");
    announce(
        new RunningSystem(
            RunningSystem.State.STARTING,
            Version.current(),
            startedAt,
            String.valueOf(settings.world().getFileName()),
            settings.world().toAbsolutePath().toString(),
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
}
