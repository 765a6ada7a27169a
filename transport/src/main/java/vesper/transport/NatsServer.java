package vesper.transport;

import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.NUID;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A grpc server that takes its calls from NATS queue groups and answers `$SRV` requests.
///
/// Each call runs on a virtual thread of its own. Unary and server-streaming methods are served; a
/// service with others is refused when it is added.
public final class NatsServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NatsServer.class);
  private static final Duration LEAVE_LIMIT = Duration.ofSeconds(2);
  private static final long PENDING_MESSAGES = 65_536;
  private static final long PENDING_BYTES = 64L * 1024 * 1024;

  private final ServerSettings settings;
  private final String instance;
  private final List<ServerServiceDefinition> services;
  private final @Nullable LocalServices local;
  private final List<Endpoint<?, ?>> endpoints = new ArrayList<>();
  private final Map<String, Lanes> lanes = new HashMap<>();
  private final ServiceProtocol protocol;
  private final Object transition = new Object();

  // Written under the transition lock.
  private volatile @Nullable Dispatcher control;
  private volatile @Nullable Dispatcher calls;
  private volatile long droppedBefore;

  private NatsServer(Builder builder, String name) {
    this.settings =
        new ServerSettings(
            builder.connection,
            new TransportCounters(),
            Sweeper.SHARED,
            new Admission(builder.maxInFlight),
            builder.heartbeat.toNanos(),
            builder.defaultDeadline.toNanos());
    this.instance = NUID.nextGlobalSequence();
    this.services = List.copyOf(builder.services);
    this.local = builder.local;
    for (ServerServiceDefinition service : services) {
      for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
        addEndpoint(method, builder.scheme);
      }
    }
    this.protocol =
        new ServiceProtocol(
            new ServiceProtocol.Identity(
                name, instance, builder.version, Map.copyOf(builder.metadata)),
            endpoints,
            () -> calls != null);
  }

  private <Q, A> void addEndpoint(ServerMethodDefinition<Q, A> method, SubjectScheme scheme) {
    String fullName = method.getMethodDescriptor().getFullMethodName();
    if (!method.getMethodDescriptor().getType().clientSendsOneMessage()) {
      throw new IllegalArgumentException(
          "method '%s' takes a stream of requests, which NATS does not carry here"
              .formatted(fullName));
    }
    SubjectScheme.Route route = scheme.route(fullName);
    if (endpoints.stream().anyMatch(e -> e.route.subject().equals(route.subject()))) {
      throw new IllegalArgumentException(
          "method '%s' shares the subject %s with another".formatted(fullName, route.subject()));
    }
    Lanes own = lanes.computeIfAbsent(route.control(), c -> new Lanes(settings, c, instance));
    endpoints.add(new Endpoint<>(method, route, settings, own));
  }

  /// Returns a builder of a server on this connection, which stays the caller's to close.
  public static Builder builder(Connection connection) {
    return new Builder(connection);
  }

  /// Subscribes: to `$SRV`, to control messages and to the queue groups. Returns when the NATS
  /// server knows, or at once when it is away: then it learns when it is back.
  ///
  /// @return this server
  public NatsServer start() {
    synchronized (transition) {
      if (control != null) {
        throw new IllegalStateException("the server runs already");
      }
      Dispatcher dispatcher = settings.connection().createDispatcher();
      dispatcher.setPendingLimits(PENDING_MESSAGES, PENDING_BYTES);
      control = dispatcher;
      for (Lanes each : lanes.values()) {
        for (String subject : each.controlSubjects()) {
          dispatcher.subscribe(subject, each::onControl);
        }
        settings.sweeper().add(each);
      }
      protocol.subscribe(dispatcher);
      join();
    }
    return this;
  }

  private void join() {
    if (local != null) {
      local.add(instance, services, settings.admission());
    }
    Dispatcher dispatcher = settings.connection().createDispatcher();
    dispatcher.setPendingLimits(PENDING_MESSAGES, PENDING_BYTES);
    for (Endpoint<?, ?> endpoint : endpoints) {
      dispatcher.subscribe(
          endpoint.route.subject(), endpoint.route.queueGroup(), endpoint::onRequest);
    }
    calls = dispatcher;
    flush();
  }

  /// Returns the id of this instance, as `$SRV` shows it.
  public String instance() {
    return instance;
  }

  /// Leaves the queue groups without losing a call: requests that are on their way are taken,
  /// accepted calls go on and `$SRV` still answers. Does nothing when it has left already.
  public void leave() {
    synchronized (transition) {
      Dispatcher dispatcher = calls;
      if (dispatcher == null) {
        return;
      }
      calls = null;
      if (local != null) {
        local.remove(instance);
      }
      try {
        CompletableFuture<Boolean> left;
        synchronized (settings.connection()) {
          left = dispatcher.drain(LEAVE_LIMIT);
        }
        left.get(LEAVE_LIMIT.toMillis() * 2, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException | IllegalStateException e) {
        LOG.atWarn()
            .addKeyValue("instance", instance)
            .log("Left the queue groups without a clean end: the connection is away");
      }
      droppedBefore = droppedBefore + dispatcher.getDroppedCount();
    }
  }

  /// Joins the queue groups again after [#leave]. Does nothing when it is in them.
  public void rejoin() {
    synchronized (transition) {
      if (control == null) {
        throw new IllegalStateException("the server does not run");
      }
      if (calls == null) {
        join();
      }
    }
  }

  /// Leaves, waits for calls in flight, flushes their last frames and unsubscribes.
  ///
  /// @param limit how long to wait; what still runs then is ended with UNAVAILABLE
  /// @return whether every call ended by itself
  public boolean drain(Duration limit) {
    long due = System.nanoTime() + limit.toNanos();
    leave();
    boolean idle = settings.admission().awaitIdle(due - System.nanoTime());
    close();
    return idle;
  }

  /// Returns the number of accepted calls that have not ended, in-process ones included.
  public int inFlight() {
    return settings.admission().running();
  }

  /// Returns what was counted since the server was made.
  public TransportStats stats() {
    long dropped = droppedBefore + dropped(calls) + dropped(control);
    return settings.counters().snapshot(inFlight(), dropped);
  }

  private static long dropped(@Nullable Dispatcher dispatcher) {
    return dispatcher == null ? 0 : dispatcher.getDroppedCount();
  }

  /// Ends at once: calls in flight end with UNAVAILABLE. Does nothing when it has ended.
  @Override
  public void close() {
    leave();
    synchronized (transition) {
      Dispatcher dispatcher = control;
      if (dispatcher == null) {
        return;
      }
      control = null;
      for (Lanes each : lanes.values()) {
        each.abortAll(Status.UNAVAILABLE.withDescription("the service instance stops"));
        settings.sweeper().remove(each);
        each.awaitFlushed();
      }
      flush();
      settings.connection().closeDispatcher(dispatcher);
    }
  }

  /// Waits until the NATS server has seen what was sent, unless it is away.
  private void flush() {
    if (settings.connection().getStatus() != Connection.Status.CONNECTED) {
      return;
    }
    try {
      // A connection takes more than two flushes at a time for a sign that its server is gone.
      synchronized (settings.connection()) {
        settings.connection().flush(LEAVE_LIMIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      LOG.atWarn().addKeyValue("instance", instance).log("The NATS server did not answer in time");
    }
  }

  /// Settings of a server, with defaults.
  public static final class Builder {
    private final Connection connection;
    private final List<ServerServiceDefinition> services = new ArrayList<>();
    private final Map<String, String> metadata = new HashMap<>();
    private @Nullable String name;
    private String version = "0.0.0";
    private @Nullable LocalServices local;
    private SubjectScheme scheme = SubjectScheme.standard();
    private int maxInFlight = 4096;
    private Duration heartbeat = Duration.ofSeconds(2);
    private Duration defaultDeadline = Duration.ofSeconds(5);

    private Builder(Connection connection) {
      this.connection = connection;
    }

    /// Sets the name that `$SRV` shows.
    ///
    /// @param name letters, digits, `-` and `_`
    public Builder name(String name) {
      if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
        throw new IllegalArgumentException(
            "service name '%s' is not [A-Za-z0-9_-]+".formatted(name));
      }
      this.name = name;
      return this;
    }

    /// Sets the version that `$SRV` shows.
    ///
    /// @param version a semantic version, for example `1.4.0` or `0.1.0-SNAPSHOT`
    public Builder version(String version) {
      if (!version.matches("\\d+\\.\\d+\\.\\d+(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?")) {
        throw new IllegalArgumentException(
            "service version '%s' is not a semantic version".formatted(version));
      }
      this.version = version;
      return this;
    }

    /// Adds what `$SRV` shows of this instance, as in `vesper-pid`.
    public Builder metadata(String key, String value) {
      metadata.put(key, value);
      return this;
    }

    /// Adds a service; its interceptors are already applied.
    public Builder addService(ServerServiceDefinition service) {
      services.add(service);
      return this;
    }

    /// Offers the same services to callers in this JVM while the server is in its queue groups.
    public Builder local(LocalServices local) {
      this.local = local;
      return this;
    }

    /// Replaces the mapping of methods to subjects.
    public Builder scheme(SubjectScheme scheme) {
      this.scheme = scheme;
      return this;
    }

    /// Sets how many calls may run at once; a further one is refused with RESOURCE_EXHAUSTED.
    public Builder maxInFlight(int calls) {
      this.maxInFlight = Settings.positive("maxInFlight", calls);
      return this;
    }

    /// Sets how often a silent stream says that it lives; 2 s unless told. It must be well below
    /// the idle limit of the callers' channels, 6 s unless told.
    public Builder heartbeat(Duration interval) {
      this.heartbeat = Settings.positive("heartbeat", interval);
      return this;
    }

    /// Sets the deadline of requests from callers that are not of this transport and name none; 5 s
    /// unless told.
    public Builder defaultDeadline(Duration deadline) {
      this.defaultDeadline = Settings.positive("defaultDeadline", deadline);
      return this;
    }

    /// Returns the server, not yet started.
    ///
    /// @throws IllegalArgumentException when a method has no subject of its own or takes a stream
    ///   of requests
    public NatsServer build() {
      if (name == null) {
        throw new IllegalStateException("the server needs a name");
      }
      return new NatsServer(this, name);
    }
  }
}
