package vesper.transport;

import io.grpc.ServerServiceDefinition;
import io.nats.client.Connection;
import io.nats.client.Nats;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;

/// Servers and channels of one test, each on a connection of its own; closed in reverse order.
final class Nodes implements AutoCloseable {
  private final URI url;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  Nodes(URI url) {
    this.url = url;
  }

  Connection connect(String name) {
    try {
      Connection connection = Nats.connect(NatsConnections.rpc(name, url).build());
      open.push(connection);
      return connection;
    } catch (IOException e) {
      throw new IllegalStateException("the test NATS does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  NatsServer.Builder server(ServerServiceDefinition service) {
    return NatsServer.builder(connect("server")).name("probe").addService(service);
  }

  NatsServer start(NatsServer.Builder builder) {
    return closing(builder.build().start());
  }

  NatsServer start(ServerServiceDefinition service) {
    return start(server(service));
  }

  NatsChannel channel() {
    return closing(NatsChannel.builder(connect("client")).build());
  }

  <T extends AutoCloseable> T closing(T closeable) {
    open.push(closeable);
    return closeable;
  }

  @Override
  public void close() {
    IllegalStateException failure = new IllegalStateException("not everything could be closed");
    for (AutoCloseable each : open) {
      try {
        each.close();
      } catch (Exception e) {
        failure.addSuppressed(e);
      }
    }
    if (failure.getSuppressed().length > 0) {
      throw failure;
    }
  }
}
