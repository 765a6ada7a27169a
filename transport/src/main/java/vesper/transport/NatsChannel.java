package vesper.transport;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.nats.client.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/// A grpc channel whose calls travel over one NATS connection.
///
/// Unary and server-streaming methods are carried; others end with UNIMPLEMENTED. Every call has a
/// deadline: its own, that of the context it is made in, or the channel's. Callbacks of
/// asynchronous stubs run on virtual threads unless the stub names an executor. Call credentials
/// and wait-for-ready are not offered.
public final class NatsChannel extends Channel implements AutoCloseable {
  /// Ends a unary call with UNAVAILABLE when its server gives no sign of life for two fifths of the
  /// call's timeout, 200 ms at least and 2 s at most. For calls that may then be sent again; others
  /// wait for their deadline, since a server may only be slow.
  public static final CallOptions.Key<Boolean> WATCHED =
      CallOptions.Key.createWithDefault("vesper-watched", false);

  private final Inbox inbox;
  private final SubjectScheme scheme;
  private final long defaultNanos;
  private final Map<String, SubjectScheme.Route> routes = new ConcurrentHashMap<>();

  private NatsChannel(Builder builder) {
    this.inbox =
        new Inbox(
            builder.connection, Sweeper.SHARED, builder.maxInFlight, builder.idleLimit.toNanos());
    this.scheme = builder.scheme;
    this.defaultNanos = builder.defaultDeadline.toNanos();
  }

  /// Returns a builder of a channel over this connection, which stays the caller's to close.
  public static Builder builder(Connection connection) {
    return new Builder(connection);
  }

  @Override
  public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
    if (!method.getType().clientSendsOneMessage()) {
      return new FailedCall<>(
          Status.UNIMPLEMENTED.withDescription(
              "%s takes a stream of requests, which is not carried over NATS"
                  .formatted(method.getFullMethodName())));
    }
    SubjectScheme.Route route;
    try {
      route = route(method);
    } catch (IllegalArgumentException e) {
      return new FailedCall<>(
          Status.UNIMPLEMENTED.withDescription(
              "%s has no place on NATS".formatted(method.getFullMethodName())));
    }
    Executor asked = options.getExecutor();
    Executor executor = asked == null ? Thread::startVirtualThread : asked;
    return new NatsClientCall<>(inbox, method, route, options, executor, defaultNanos);
  }

  SubjectScheme.Route route(MethodDescriptor<?, ?> method) {
    return routes.computeIfAbsent(method.getFullMethodName(), scheme::route);
  }

  @Override
  public String authority() {
    return "nats";
  }

  /// Returns the number of calls that wait for their end.
  public int inFlight() {
    return inbox.inFlight();
  }

  /// Returns what was counted since the channel was made.
  public TransportStats stats() {
    return inbox.stats();
  }

  /// Ends open calls with UNAVAILABLE and stops listening.
  @Override
  public void close() {
    inbox.close();
  }

  /// Settings of a channel, with defaults.
  public static final class Builder {
    private final Connection connection;
    private SubjectScheme scheme = SubjectScheme.standard();
    private Duration defaultDeadline = Duration.ofSeconds(5);
    private Duration idleLimit = Duration.ofSeconds(6);
    private int maxInFlight = 16_384;

    private Builder(Connection connection) {
      this.connection = connection;
    }

    /// Replaces the mapping of methods to subjects.
    public Builder scheme(SubjectScheme scheme) {
      this.scheme = scheme;
      return this;
    }

    /// Sets the deadline of calls that have none; 5 s unless told.
    public Builder defaultDeadline(Duration deadline) {
      this.defaultDeadline = Settings.positive("defaultDeadline", deadline);
      return this;
    }

    /// Sets how many calls may be open at once; a further one fails with RESOURCE_EXHAUSTED.
    public Builder maxInFlight(int calls) {
      this.maxInFlight = Settings.positive("maxInFlight", calls);
      return this;
    }

    /// Sets how long a stream may be silent before it ends with UNAVAILABLE; 6 s unless told.
    public Builder idleLimit(Duration limit) {
      this.idleLimit = Settings.positive("idleLimit", limit);
      return this;
    }

    /// Returns the channel, subscribed to its inbox.
    public NatsChannel build() {
      NatsChannel channel = new NatsChannel(this);
      channel.inbox.start();
      return channel;
    }
  }
}
