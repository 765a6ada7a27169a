package vesper.runtime;

import io.grpc.Channel;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Message;
import io.nats.client.Nats;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import vesper.transport.Discovery;
import vesper.transport.LocalServices;
import vesper.transport.NatsChannel;
import vesper.transport.NatsConnections;
import vesper.transport.NatsServer;
import vesper.transport.Routing;
import vesper.transport.RoutingChannel;

/// The process's two connections to NATS, one for calls and one for events, and what stands on
/// them.
final class NatsLink implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration DISCOVERY = Duration.ofSeconds(1);

  private final URI[] servers;
  private final Routing routing;
  private final LocalServices local = LocalServices.create();
  private final LateChannel channel = new LateChannel();
  private final MeterRegistry meters;
  private volatile @Nullable Connected connected;

  NatsLink(URI[] servers, Routing routing, MeterRegistry meters) {
    this.servers = servers.clone();
    this.routing = routing;
    this.meters = meters;
    FunctionCounter.builder("vesper.nats.slow.consumers", this, NatsLink::slowConsumers)
        .description("How often a subscription of this process fell behind")
        .register(meters);
  }

  private record Connected(
      Connection calls, Connection events, NatsChannel nats, Discovery discovery) {}

  /// Connects; from then on the connections come back by themselves.
  ///
  /// @throws IOException while NATS is away
  void connect() throws IOException, InterruptedException {
    Connection calls =
        Nats.connect(
            NatsConnections.rpc("vesper-calls", servers).connectionTimeout(CONNECT).build());
    Connection events;
    try {
      events =
          Nats.connect(
              NatsConnections.events("vesper-events", servers).connectionTimeout(CONNECT).build());
    } catch (IOException e) {
      calls.close();
      throw e;
    }
    NatsChannel nats = NatsChannel.builder(calls).build();
    Discovery discovery = Discovery.start(calls, DISCOVERY);
    connected = new Connected(calls, events, nats, discovery);
    TransportMeters.register("client", nats::stats, meters);
    channel.connect(RoutingChannel.of(routing, local, nats, discovery));
  }

  /// The channel to all services, in this process or another.
  Channel channel() {
    return channel;
  }

  /// The connection for events, once there is one.
  Optional<Connection> events() {
    return Optional.ofNullable(connected).map(Connected::events);
  }

  boolean isConnected() {
    Connected now = connected;
    return now != null
        && now.calls().getStatus() == Connection.Status.CONNECTED
        && now.events().getStatus() == Connection.Status.CONNECTED;
  }

  NatsServer.Builder server() {
    return NatsServer.builder(connection().calls()).local(local);
  }

  JetStreamManagement jetStream() throws IOException {
    return connection().events().jetStreamManagement();
  }

  /// Stores an event in the stream of its subject.
  void publish(Message event) throws IOException, JetStreamApiException {
    connection().events().jetStream().publish(event);
  }

  private Connected connection() {
    Connected now = connected;
    if (now == null) {
      throw new IllegalStateException("NATS has not been reached yet");
    }
    return now;
  }

  private double slowConsumers() {
    Connected now = connected;
    return now == null
        ? 0
        : NatsConnections.slowConsumers(now.calls()) + NatsConnections.slowConsumers(now.events());
  }

  @Override
  public void close() {
    Connected now = connected;
    if (now != null) {
      now.discovery().close();
      now.nats().close();
    }
    local.close();
    if (now != null) {
      close(now.calls());
      close(now.events());
    }
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
