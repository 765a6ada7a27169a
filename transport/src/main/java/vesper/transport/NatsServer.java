package vesper.transport;

import io.grpc.ServerServiceDefinition;
import io.nats.client.Connection;
import java.time.Duration;

/// A grpc server that takes its calls from NATS queue groups and answers `$SRV` requests.
@SuppressWarnings("DoNotCallSuggester")
public final class NatsServer implements AutoCloseable {
  private NatsServer() {}

  /// Returns a builder of a server on this connection, which stays the caller's to close.
  public static Builder builder(Connection connection) {
    throw new UnsupportedOperationException(connection.toString());
  }

  /// Subscribes: to the queue groups, to control messages and to `$SRV`.
  public NatsServer start() {
    throw new UnsupportedOperationException();
  }

  /// Returns the id of this instance, as `$SRV` shows it.
  public String instance() {
    throw new UnsupportedOperationException();
  }

  /// Leaves the queue groups without losing a call; accepted calls go on and `$SRV` still answers.
  public void leave() {}

  /// Joins the queue groups again after [#leave].
  public void rejoin() {}

  /// Leaves, waits for calls in flight, flushes their last frames and unsubscribes.
  ///
  /// @param limit how long to wait; what still runs then is cancelled with UNAVAILABLE
  /// @return whether every call ended by itself
  public boolean drain(Duration limit) {
    throw new UnsupportedOperationException(limit.toString());
  }

  /// Returns the number of accepted calls that have not ended, in-process ones included.
  public int inFlight() {
    throw new UnsupportedOperationException();
  }

  /// Ends at once: calls in flight are cancelled.
  @Override
  public void close() {}

  /// Settings of a server, with defaults.
  public static final class Builder {
    private Builder() {}

    /// Sets the name that `$SRV` shows: `[A-Za-z0-9_-]+`.
    public Builder name(String name) {
      throw new UnsupportedOperationException(name);
    }

    /// Sets the semantic version that `$SRV` shows.
    public Builder version(String version) {
      throw new UnsupportedOperationException(version);
    }

    /// Adds a service; its interceptors are already applied.
    public Builder addService(ServerServiceDefinition service) {
      throw new UnsupportedOperationException(service.getServiceDescriptor().getName());
    }

    /// Offers the same services to callers in this JVM while the server is in its queue groups.
    public Builder local(LocalServices local) {
      throw new UnsupportedOperationException(local.hashCode() + "");
    }

    /// Replaces the mapping of methods to subjects.
    public Builder scheme(SubjectScheme scheme) {
      throw new UnsupportedOperationException(scheme.toString());
    }

    /// Sets how many calls may run at once; a further one is refused with RESOURCE_EXHAUSTED.
    public Builder maxInFlight(int calls) {
      throw new UnsupportedOperationException("" + calls);
    }

    /// Sets how often a silent stream says that it lives; 5 s unless told.
    public Builder heartbeat(Duration interval) {
      throw new UnsupportedOperationException(interval.toString());
    }

    /// Returns the server, not yet started.
    public NatsServer build() {
      throw new UnsupportedOperationException();
    }
  }
}
