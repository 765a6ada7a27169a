package vesper.transport;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.nats.client.Connection;
import java.time.Duration;

/// A grpc channel whose calls travel over one NATS connection.
@SuppressWarnings("DoNotCallSuggester")
public final class NatsChannel extends Channel implements AutoCloseable {
  private NatsChannel() {}

  /// Returns a builder of a channel over this connection, which stays the caller's to close.
  public static Builder builder(Connection connection) {
    throw new UnsupportedOperationException(connection.toString());
  }

  @Override
  public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String authority() {
    throw new UnsupportedOperationException();
  }

  /// Returns the number of calls that wait for their end.
  public int inFlight() {
    throw new UnsupportedOperationException();
  }

  /// Ends open calls with UNAVAILABLE and stops listening.
  @Override
  public void close() {}

  /// Settings of a channel, with defaults.
  public static final class Builder {
    private Builder() {}

    /// Replaces the mapping of methods to subjects.
    public Builder scheme(SubjectScheme scheme) {
      throw new UnsupportedOperationException(scheme.toString());
    }

    /// Sets the deadline of calls that have none; 5 s unless told.
    public Builder defaultDeadline(Duration deadline) {
      throw new UnsupportedOperationException(deadline.toString());
    }

    /// Sets how many calls may be open at once; a further one fails with RESOURCE_EXHAUSTED.
    public Builder maxInFlight(int calls) {
      throw new UnsupportedOperationException("" + calls);
    }

    /// Sets how long a stream may be silent before it ends with UNAVAILABLE; 15 s unless told.
    public Builder idleLimit(Duration limit) {
      throw new UnsupportedOperationException(limit.toString());
    }

    /// Returns the channel, subscribed to its inbox.
    public NatsChannel build() {
      throw new UnsupportedOperationException();
    }
  }
}
