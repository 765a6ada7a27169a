package vesper.transport;

import io.grpc.Channel;
import io.grpc.ServerServiceDefinition;
import java.util.Collection;

/// The services of this JVM, callable in-process through the same stubs.
@SuppressWarnings("DoNotCallSuggester")
public final class LocalServices implements AutoCloseable {
  private LocalServices() {}

  /// Returns an empty registry with its in-process server running.
  public static LocalServices create() {
    throw new UnsupportedOperationException();
  }

  /// Offers services under the id of the instance that holds them.
  ///
  /// @throws IllegalStateException when another instance already offers one of them
  public void add(String instance, Collection<ServerServiceDefinition> services) {
    throw new UnsupportedOperationException(instance + services);
  }

  /// Takes an instance's services away; calls in flight go on.
  public void remove(String instance) {}

  /// Returns the channel to the services of this JVM, with a default deadline on every call.
  public Channel channel() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
