package vesper.transport;

import io.nats.client.Connection;
import io.nats.client.Options;
import java.net.URI;

/// Connection settings that the transport was measured with.
///
/// Take a new builder for every connection: options keep their executors.
@SuppressWarnings("DoNotCallSuggester")
public final class NatsConnections {
  private NatsConnections() {}

  /// Returns options for calls: nothing is buffered while disconnected, so that a call fails at
  /// once instead of late.
  ///
  /// @param name the connection's name on the server
  /// @param servers at least one server
  public static Options.Builder rpc(String name, URI... servers) {
    throw new UnsupportedOperationException(name + servers.length);
  }

  /// Returns options for events: publications wait in a bounded buffer while disconnected.
  ///
  /// @param name the connection's name on the server
  /// @param servers at least one server
  public static Options.Builder events(String name, URI... servers) {
    throw new UnsupportedOperationException(name + servers.length);
  }

  /// Returns how often a consumer of this connection fell behind its pending limits, or 0 for a
  /// connection made without these options.
  public static long slowConsumers(Connection connection) {
    throw new UnsupportedOperationException(connection.toString());
  }
}
