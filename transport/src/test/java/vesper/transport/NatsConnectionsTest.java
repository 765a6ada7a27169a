package vesper.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.testing.NatsExtension;
import vesper.testing.TestNats;

@ExtendWith(NatsExtension.class)
final class NatsConnectionsTest {
  @Property
  void reconnectDelay_staysBetweenItsBounds(@ForAll @LongRange(min = 0, max = 1000) long rounds) {
    assertThat(NatsConnections.reconnectDelay(rounds))
        .isBetween(Duration.ofMillis(100), Duration.ofSeconds(2));
  }

  @Test
  void rpc_buffersNothingAndReconnectsForEver() {
    Options options = NatsConnections.rpc("calls", URI.create("nats://127.0.0.1:4222")).build();

    assertThat(options.getReconnectBufferSize()).isZero();
    assertThat(options.getMaxReconnect()).isEqualTo(-1);
    assertThat(options.getPingInterval()).isEqualTo(Duration.ofSeconds(10));
    assertThat(options.getConnectionName()).isEqualTo("calls");
  }

  @Test
  void events_bufferWhileAway() {
    Options options = NatsConnections.events("events", URI.create("nats://127.0.0.1:4222")).build();

    assertThat(options.getReconnectBufferSize()).isEqualTo(8 * 1024 * 1024);
  }

  @Test
  void noServers_areRefused() {
    assertThatThrownBy(() -> NatsConnections.rpc("calls"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void slowConsumer_isCounted(TestNats nats) throws Exception {
    try (Nodes nodes = new Nodes(nats.url())) {
      Connection connection = nodes.connect("slow");
      CountDownLatch go = new CountDownLatch(1);
      Dispatcher dispatcher =
          connection.createDispatcher(m -> assertThat(go.await(30, TimeUnit.SECONDS)).isTrue());
      dispatcher.setPendingLimits(1, 1024);
      dispatcher.subscribe("slow.things");
      assertThat(NatsConnections.slowConsumers(connection)).isZero();

      for (int i = 0; i < 10; i++) {
        connection.publish("slow.things", new byte[100]);
      }

      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> NatsConnections.slowConsumers(connection) > 0);
      go.countDown();
    }
  }

  @Test
  void slowConsumers_ofOtherConnections_areZero(TestNats nats) throws Exception {
    try (Nodes nodes = new Nodes(nats.url())) {
      Connection connection = nodes.closing(Nats.connect(nats.url().toString()));
      assertThat(NatsConnections.slowConsumers(connection)).isZero();
    }
  }
}
