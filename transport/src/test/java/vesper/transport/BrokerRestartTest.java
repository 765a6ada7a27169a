package vesper.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.nats.client.Connection;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import vesper.testing.TestNats;

final class BrokerRestartTest {
  private static final Duration BOUND = Duration.ofSeconds(30);

  @Test
  void brokerAway_failsCallsAtOnceAndServesAgainWhenItIsBack() {
    Probe probe = new Probe();
    try (TestNats.Owned broker = TestNats.startOwn();
        Nodes nodes = new Nodes(broker.url())) {
      probe.listen = (request, observer) -> observer.onNext("one");
      NatsServer server = nodes.start(probe.definition());
      Connection calling = nodes.connect("client");
      NatsChannel channel = nodes.closing(NatsChannel.builder(calling).build());
      Discovery discovery =
          nodes.closing(Discovery.start(nodes.connect("discovery"), Duration.ofMillis(100)));
      Iterator<String> stream =
          ClientCalls.blockingServerStreamingCall(
              channel, Probe.LISTEN, CallOptions.DEFAULT.withDeadlineAfter(BOUND), "");
      assertThat(stream.next()).isEqualTo("one");
      await().atMost(BOUND).until(() -> discovery.serving("probe").size() == 1);

      broker.kill();

      assertThatThrownBy(stream::next)
          .satisfies(e -> {
            assertThat(CarriedCalls.code(e)).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(Refusal.isRefused(e)).isFalse();
          });
      await().atMost(BOUND).until(() -> calling.getStatus() != Connection.Status.CONNECTED);
      assertThatThrownBy(() -> ask(channel))
          .satisfies(e -> {
            assertThat(CarriedCalls.code(e)).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(Refusal.isRefused(e)).isTrue();
          });
      await().atMost(BOUND).until(() -> discovery.instances().isEmpty());
      server.leave();
      server.rejoin();

      broker.start();

      await()
          .atMost(BOUND)
          .ignoreException(StatusRuntimeException.class)
          .until(() -> ask(channel).equals("re: a"));
      await().atMost(BOUND).until(() -> discovery.serving("probe").size() == 1);
      assertThat(server.drain(BOUND)).isTrue();
    }
  }

  private static String ask(NatsChannel channel) {
    return ClientCalls.blockingUnaryCall(
        channel, Probe.ASK, CallOptions.DEFAULT.withDeadlineAfter(2, TimeUnit.SECONDS), "a");
  }
}
