package vesper.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.service.InfoResponse;
import io.nats.service.PingResponse;
import io.nats.service.StatsResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.testing.NatsExtension;
import vesper.testing.TestNats;

/// What NATS tools and other NATS clients see of a server.
@ExtendWith(NatsExtension.class)
final class PlainNatsTest {
  private static final Duration BOUND = Duration.ofSeconds(30);

  private final Nodes nodes;
  private final Probe probe = new Probe();

  PlainNatsTest(TestNats nats) {
    nodes = new Nodes(nats.url());
  }

  @AfterEach
  void close() {
    nodes.close();
  }

  private static String ask(NatsChannel channel, String request) {
    return ClientCalls.blockingUnaryCall(channel, Probe.ASK, CallOptions.DEFAULT, request);
  }

  @Test
  void serviceProtocol_isUnderstoodByTheNatsLibrary() throws Exception {
    NatsServer server = nodes.start(nodes.server(probe.definition()).version("1.2.3"));
    NatsChannel channel = nodes.channel();
    ask(channel, "a");
    probe.ask =
        (request, observer) -> {
          throw new IllegalStateException("a secret of the service");
        };
    assertThatThrownBy(() -> ask(channel, "a")).isInstanceOf(StatusRuntimeException.class);
    await().atMost(BOUND).until(() -> server.inFlight() == 0);
    Connection tool = nodes.connect("tool");
    io.nats.service.Discovery discovery = new io.nats.service.Discovery(tool, 2000, 1);

    PingResponse ping = discovery.ping("probe", server.instance());
    InfoResponse info = discovery.info("probe", server.instance());
    StatsResponse stats = discovery.stats("probe", server.instance());

    assertThat(ping.getName()).isEqualTo("probe");
    assertThat(ping.getVersion()).isEqualTo("1.2.3");
    assertThat(ping.getMetadata()).containsEntry("vesper-serving", "true");
    assertThat(info.getEndpoints())
        .anySatisfy(endpoint -> {
          assertThat(endpoint.getName()).isEqualTo("Ask");
          assertThat(endpoint.getSubject()).isEqualTo("svc.probe.v1.Ask");
          assertThat(endpoint.getQueueGroup()).isEqualTo("q.probe");
        });
    assertThat(stats.getEndpointStatsList())
        .anySatisfy(endpoint -> {
          assertThat(endpoint.getName()).isEqualTo("Ask");
          assertThat(endpoint.getNumRequests()).isEqualTo(2);
          assertThat(endpoint.getNumErrors()).isOne();
          assertThat(endpoint.getLastError()).isEqualTo("UNKNOWN");
          assertThat(endpoint.getProcessingTime()).isPositive();
        });
    assertThat(discovery.ping()).hasSize(1);

    server.leave();
    assertThat(discovery.ping("probe", server.instance()).getMetadata())
        .containsEntry("vesper-serving", "false");
  }

  @Test
  void plainNatsRequest_getsPlainAnswer() throws Exception {
    nodes.start(probe.definition());
    Connection tool = nodes.connect("tool");

    Message answer =
        tool.request("svc.probe.v1.Ask", "a".getBytes(StandardCharsets.UTF_8))
            .get(30, TimeUnit.SECONDS);

    assertThat(new String(answer.getData(), StandardCharsets.UTF_8)).isEqualTo("re: a");
    assertThat(answer.hasHeaders()).isFalse();
  }

  @Test
  void plainNatsRequest_forStreamOrFailure_getsStatus() throws Exception {
    probe.ask =
        (request, observer) ->
            observer.onError(Status.NOT_FOUND.withDescription("no such thing").asException());
    nodes.start(probe.definition());
    Connection tool = nodes.connect("tool");

    Message failure = tool.request("svc.probe.v1.Ask", new byte[0]).get(30, TimeUnit.SECONDS);
    Message stream = tool.request("svc.probe.v1.Listen", new byte[0]).get(30, TimeUnit.SECONDS);

    assertThat(failure.getHeaders().getFirst("Grpc-Status")).isEqualTo("5");
    assertThat(failure.getHeaders().getFirst("Grpc-Message")).isEqualTo("no such thing");
    assertThat(stream.getHeaders().getFirst("Grpc-Status")).isEqualTo("3");
  }

  @Test
  void serviceQuestionWithoutReplySubject_isIgnored() throws Exception {
    NatsServer server = nodes.start(probe.definition());
    Connection tool = nodes.connect("tool");

    tool.publish("$SRV.PING", new byte[0]);

    assertThat(new io.nats.service.Discovery(tool, 2000, 1).ping("probe", server.instance()))
        .isNotNull();
  }

  @Test
  void plainNatsRequest_takesItsTimeoutFromTheHeader() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    probe.ask =
        (request, observer) ->
            Context.current().addListener(c -> cancelled.countDown(), Runnable::run);
    nodes.start(probe.definition());
    Connection tool = nodes.connect("tool");
    io.nats.client.impl.Headers headers = new io.nats.client.impl.Headers();
    headers.put("grpc-timeout", "50m");

    Message answer =
        tool.request("svc.probe.v1.Ask", headers, new byte[0]).get(30, TimeUnit.SECONDS);

    assertThat(answer.getHeaders().getFirst("Grpc-Status")).isEqualTo("4");
    assertThat(cancelled.await(30, TimeUnit.SECONDS)).isTrue();
  }
}
