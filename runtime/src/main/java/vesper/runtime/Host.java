package vesper.runtime;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.ServerServiceDefinition;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vesper.auth.v1.AuthGrpc;
import vesper.auth.v1.GetJwksRequest;

/// Runs services in this process: starts them in order, keeps their health, and stops them without
/// losing a call.
///
/// Nothing here ends because the database or NATS is away, also not at the start: the host waits,
/// not ready.
public final class Host implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Host.class);

  /// What a stop takes beyond the drain at most.
  private static final Duration STOP = Duration.ofSeconds(5);

  private static final Duration RELAYS = Duration.ofSeconds(3);
  private static final Duration STREAMS = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(5);

  private final HostBuilder plan;
  private final RuntimeSettings settings;
  private final String version = ProcessInfo.buildVersion();
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Tracing tracing = new Tracing();
  private final DatabasePool pool;
  private final NatsLink nats;
  private final EventStreams streams;
  private final TokenVerifier tokens;
  private final Channel channel;
  private final Health health;
  private final List<HostedService> services = new ArrayList<>();
  private final Workers workers = new Workers();
  private final Workers relays = new Workers();
  private final ExecutorService membership =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("membership").factory());
  private final AtomicBoolean working = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicBoolean drained = new AtomicBoolean();
  private volatile long stopBy;
  private volatile boolean migrated;
  private volatile boolean registered;
  private volatile @Nullable RuntimeException broken;
  private volatile long streamsSeen = System.nanoTime() - STREAMS.toNanos();
  private volatile @Nullable Management management;

  Host(HostBuilder plan) {
    this.plan = plan;
    plan.config().check(plan.sections());
    settings = plan.config().read(RuntimeSettings.DOMAIN, RuntimeSettings.class);
    LogConfigurator.apply(settings.log());
    ProcessMeters.bindTo(meters);
    pool = new DatabasePool(plan.address(), settings.database(), meters, tracing);
    nats = new NatsLink(plan.nats(), plan.routing(), meters);
    streams = new EventStreams(settings.events().profile(), meters);
    Channel own = channel("runtime", new ServiceToken(plan.keys(), "runtime", plan.clock()));
    tokens =
        new TokenVerifier(
            plan.keys(),
            // Real time, because a clock that a test holds still would never allow a second try.
            new KeySet(() -> jwks(own), InstantSource.system()),
            plan.config()
                .read(RuntimeSettings.Tokens.DOMAIN, RuntimeSettings.Tokens.class)
                .issuer(),
            plan.clock(),
            meters);
    channel = channel("edge", null);
    health =
        new Health(
            settings.health(), InstantSource.system(), meters, this::onReady, this::onNotReady);
  }

  /// Returns a builder.
  public static HostBuilder builder() {
    return new HostBuilder();
  }

  /// Starts everything, and returns when the services take calls, or, when the database or NATS is
  /// away, as soon as that is known; then the start goes on in the background.
  ///
  /// @throws IllegalStateException when a service cannot be wired or a schema cannot be migrated
  public void start() {
    ServerChain chain = new ServerChain(tokens, new Validation(), tracing, meters, settings.rpc());
    try {
      for (ServiceModule module : plan.modules()) {
        services.add(new HostedService(module, context(module), chain));
      }
      List<String> ids = services.stream().map(HostedService::id).toList();
      management =
          Management.start(
              plan.managementPort(),
              health,
              meters,
              tracing.ring(),
              new ProcessInfo(version, InstantSource.system().instant(), ids));
      addChecks();
      health.started();
      health.start();
      open(chain);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw new IllegalStateException("interrupted while starting", e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /// Waits until the host is ready, and returns whether it is.
  public boolean awaitReady(Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    while (!ready() && System.nanoTime() < end && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(POLL.toNanos());
    }
    return ready();
  }

  /// Whether it takes calls.
  public boolean ready() {
    return health.ready();
  }

  /// Where health, metrics and traces are served, once started.
  public URI management() {
    Management running = management;
    if (running == null) {
      throw new IllegalStateException("the host has not been started");
    }
    return running.uri();
  }

  /// The channel for callers that are no service, such as the gateway and tests: it adds deadline,
  /// trace and request id, and no token but the one in the call's own metadata `authorization`.
  public Channel channel() {
    return channel;
  }

  /// Puts a service behind the chain that this host's services stand behind, to offer it over
  /// another transport.
  public ServerServiceDefinition guard(String service, ServerServiceDefinition definition) {
    return new ServerChain(tokens, new Validation(), tracing, meters, settings.rpc())
        .guard(service, definition);
  }

  /// Puts what [#channel] adds to calls on a channel of another transport.
  public Channel guard(Channel other) {
    return ClientInterceptors.intercept(other, new ClientChain("edge", null, tracing, meters));
  }

  /// Verifies tokens.
  public TokenVerifier tokens() {
    return tokens;
  }

  /// Makes spans.
  public Tracing tracing() {
    return tracing;
  }

  /// Takes metrics.
  public MeterRegistry meters() {
    return meters;
  }

  /// Leaves the queue groups and waits for running calls, at most the limit. The host is not ready
  /// from this moment on. Draining again does nothing.
  public void drain(Duration limit) {
    if (!drained.compareAndSet(false, true)) {
      return;
    }
    stopBy = System.nanoTime() + limit.plus(STOP).toNanos();
    health.drain();
    workers.announceStop();
    each(service -> service.drain(limit));
  }

  /// Drains as the settings say and closes everything, in the reverse order of the start. Closing
  /// again does nothing.
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    drain(settings.drain());
    long end = stopBy;
    // What is left of the time is the loops', and at last the relays', which publish what they did.
    workers.stop(left(end).minus(RELAYS));
    relays.stop(left(end));
    health.stop();
    membership.shutdown();
    if (management != null) {
      management.close();
    }
    nats.close();
    pool.close();
    meters.close();
    LOG.atInfo().log("Stopped");
  }

  private static Duration left(long end) {
    return Duration.ofNanos(end - System.nanoTime());
  }

  private void open(ServerChain chain) throws InterruptedException {
    List<String> domains = plan.modules().stream().map(ServiceModule::domain).toList();
    Reaching database =
        new Reaching(
                "the database",
                () -> {
                  pool.migrate(domains);
                  migrated = true;
                },
                Database::isAway,
                workers)
            .start();
    Reaching broker =
        new Reaching(
                "NATS",
                this::reachNats,
                e -> e instanceof IOException || e instanceof JetStreamApiException,
                workers)
            .start();
    Thread warming =
        Thread.startVirtualThread(
            () -> services.forEach(service -> service.definitions().forEach(chain::warm)));
    Thread opening =
        Thread.startVirtualThread(() -> register(domains, List.of(database, broker), warming));
    boolean reached = database.awaitFirst();
    reached &= broker.awaitFirst();
    if (reached) {
      opening.join();
    }
    RuntimeException failure = broken;
    if (failure != null) {
      throw failure;
    }
  }

  private void reachNats() throws IOException, InterruptedException, JetStreamApiException {
    if (nats.events().isEmpty()) {
      nats.connect();
    }
    streams.reconcile(nats.jetStream());
  }

  private void register(List<String> domains, List<Reaching> dependencies, Thread warming) {
    try {
      for (Reaching dependency : dependencies) {
        if (!dependency.awaitReached()) {
          return;
        }
      }
      warming.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    try {
      services.forEach(service ->
          service.open(
              nats.server()
                  .metadata("vesper-pid", Long.toString(ProcessHandle.current().pid()))
                  .metadata("vesper-management", management().toString()),
              version,
              settings.rpc(),
              meters));
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("The services cannot be offered");
      broken = e;
      return;
    }
    if (!domains.isEmpty()) {
      relays.start(
          RuntimeSettings.DOMAIN, new Relay(pool, domains, nats::publish, settings, meters));
      relays.start(
          RuntimeSettings.DOMAIN, new AnswerUpkeep(pool, domains, settings.rpc().keepAnswers()));
    }
    registered = true;
  }

  private void addChecks() {
    health.add("nats", () -> require(nats.isConnected(), "not connected"));
    health.add("database", () -> pool.ping(Duration.ofSeconds(1)));
    health.add("migrated", () -> require(migrated, "not migrated"));
    health.add("streams", this::checkStreams);
    health.add("registered", () -> require(registered, "not registered"));
    plan.conditions()
        .forEach((name, holds) -> health.add(name, () -> require(holds.getAsBoolean(), "not yet")));
  }

  private void checkStreams() throws IOException, JetStreamApiException {
    if (System.nanoTime() - streamsSeen < STREAMS.toNanos()) {
      return;
    }
    if (!streams.exist(nats.jetStream())) {
      require(registered, "not created yet");
      streams.reconcile(nats.jetStream());
    }
    streamsSeen = System.nanoTime();
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalStateException(otherwise);
    }
  }

  private void onReady() {
    membership.execute(() -> {
      each(HostedService::rejoin);
      if (working.compareAndSet(false, true)) {
        services.forEach(
            service -> service.workers().forEach(loop -> workers.start(service.id(), loop)));
        new Consumers(nats, streams, pool, surroundings(), this::ready).start(services, workers);
      }
    });
  }

  private void onNotReady() {
    membership.execute(() -> each(HostedService::leave));
  }

  /// Does something with every service at the same time, and waits.
  private void each(Consumer<HostedService> action) {
    List<Thread> running =
        services.stream()
            .map(service -> Thread.startVirtualThread(() -> action.accept(service)))
            .toList();
    try {
      for (Thread thread : running) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private HostedService.Context context(ServiceModule module) {
    return new HostedService.Context(
        new HostedService.Context.Settings(plan.config(), module),
        pool,
        new NatsLiveEvents(module.domain(), nats::events, plan.ids(), plan.clock()),
        channel(module.id(), new ServiceToken(plan.keys(), module.id(), plan.clock())),
        surroundings(),
        new AtomicBoolean());
  }

  private HostedService.Context.Surroundings surroundings() {
    return new HostedService.Context.Surroundings(
        plan.clock(), plan.ids(), meters, tracing, settings);
  }

  private Channel channel(String service, @Nullable Supplier<String> token) {
    return ClientInterceptors.intercept(
        nats.channel(), new ClientChain(service, token, tracing, meters));
  }

  /// Asks auth for its keys, on nobody's authority and outside any running call.
  private static String jwks(Channel channel) {
    Context before = Context.ROOT.attach();
    try {
      return AuthGrpc.newBlockingStub(channel)
          .getJwks(GetJwksRequest.getDefaultInstance())
          .getData()
          .toStringUtf8();
    } finally {
      Context.ROOT.detach(before);
    }
  }
}
