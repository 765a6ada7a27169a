package vesper.transport;

import io.nats.client.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// The live instances of all services, found by asking `$SRV.PING` again and again.
@SuppressWarnings("DoNotCallSuggester")
public final class Discovery implements AutoCloseable {
  private Discovery() {}

  /// One running server.
  ///
  /// @param service its name
  /// @param id its own id
  /// @param version its semantic version
  /// @param domains what it serves
  /// @param serving whether it is in its queue groups
  public record Instance(
      String service, String id, String version, Set<String> domains, boolean serving) {}

  /// Starts to ask, first at once and then each interval.
  ///
  /// @param interval at most 2 s
  public static Discovery start(Connection connection, Duration interval) {
    throw new UnsupportedOperationException(connection + interval.toString());
  }

  /// Returns the instances that answered lately, sorted by service and id.
  public List<Instance> instances() {
    throw new UnsupportedOperationException();
  }

  /// Returns the instances of one service that answered lately.
  public List<Instance> instances(String service) {
    throw new UnsupportedOperationException(service);
  }

  @Override
  public void close() {}
}
