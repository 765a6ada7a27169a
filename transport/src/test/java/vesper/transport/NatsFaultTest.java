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
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vesper.testing.NatsExtension;
import vesper.testing.TestNats;

/// What happens when a peer falls silent or the client library's reader dies.
@ExtendWith(NatsExtension.class)
final class NatsFaultTest {
  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final Duration IDLE = Duration.ofSeconds(1);

  private final URI url;
  private final Nodes nodes;
  private final Probe probe = new Probe();

  NatsFaultTest(TestNats nats) {
    url = nats.url();
    nodes = new Nodes(url);
  }

  @AfterEach
  void close() {
    nodes.close();
  }

  private NatsChannel channel() {
    return nodes.channel();
  }

  private NatsChannel impatientChannel() {
    return nodes.closing(NatsChannel.builder(nodes.connect("client")).idleLimit(IDLE).build());
  }

  private static String ask(NatsChannel channel, String request) {
    return ClientCalls.blockingUnaryCall(channel, Probe.ASK, CallOptions.DEFAULT, request);
  }

  private static Iterator<String> listen(NatsChannel channel) {
    return ClientCalls.blockingServerStreamingCall(
        channel, Probe.LISTEN, CallOptions.DEFAULT.withDeadlineAfter(BOUND), "");
  }

  @Test
  void unreadableHeaderBlock_endsNoMoreThanTheConnectionItMet() throws Exception {
    nodes.start(probe.definition());
    NatsChannel channel = channel();
    assertThat(ask(channel, "a")).isEqualTo("re: a");

    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), url.getPort())) {
      String[] user = url.getUserInfo().split(":", 2);
      OutputStream out = socket.getOutputStream();
      send(
          out,
          "CONNECT {\"verbose\":false,\"headers\":true,\"user\":\"%s\",\"pass\":\"%s\"}\r\n"
              .formatted(user[0], user[1]));
      String block = "NATS/9.9\r\nno colon\r\n\r\n";
      send(
          out,
          "HPUB svc.probe.v1.Ask x.y %d %d\r\n%s\r\nPING\r\n"
              .formatted(block.length(), block.length(), block));

      await()
          .atMost(BOUND)
          .ignoreException(StatusRuntimeException.class)
          .until(() -> ask(channel, "b").equals("re: b"));
      await()
          .during(Duration.ofMillis(300))
          .atMost(BOUND)
          .ignoreException(StatusRuntimeException.class)
          .until(() -> ask(channel, "c").equals("re: c"));
    }
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  @Test
  void silentStream_livesByHeartbeats() {
    CountDownLatch go = new CountDownLatch(1);
    probe.listen =
        (request, observer) -> {
          observer.onNext("one");
          assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
          observer.onNext("two");
          observer.onCompleted();
        };
    nodes.start(nodes.server(probe.definition()).heartbeat(IDLE.dividedBy(10)));
    Iterator<String> answers = listen(impatientChannel());
    assertThat(answers.next()).isEqualTo("one");

    CompletableFuture.delayedExecutor(IDLE.toMillis() * 2, TimeUnit.MILLISECONDS)
        .execute(go::countDown);

    assertThat(CarriedCalls.drain(answers)).containsExactly("two");
  }

  @Test
  void serverThatDied_endsStreamAfterTheIdleLimit() {
    Connection serving = nodes.connect("doomed");
    probe.listen = (request, observer) -> observer.onNext("one");
    NatsServer.builder(serving).name("probe").addService(probe.definition()).build().start();
    NatsChannel channel = impatientChannel();
    Iterator<String> answers = listen(channel);
    assertThat(answers.next()).isEqualTo("one");

    assertThat(CompletableFuture.runAsync(() -> closeQuickly(serving))).succeedsWithin(BOUND);

    assertThatThrownBy(answers::next)
        .satisfies(e -> assertThat(CarriedCalls.code(e)).isEqualTo(Status.Code.UNAVAILABLE));
    // The caller hears of it first.
    await().atMost(BOUND).until(() -> channel.stats().silent() > 0);
  }

  @ParameterizedTest
  @CsvSource({"true, UNAVAILABLE", "false, DEADLINE_EXCEEDED"})
  void serverThatDied_endsAWatchedCallBeforeItsDeadline(boolean watched, Status.Code expected) {
    Connection serving = nodes.connect("doomed");
    probe.ask = (request, observer) -> closeQuickly(serving);
    NatsServer.builder(serving).name("probe").addService(probe.definition()).build().start();
    NatsChannel channel = channel();

    assertThatThrownBy(() -> ask(channel, watched, Duration.ofSeconds(1)))
        .satisfies(e -> assertThat(CarriedCalls.code(e)).isEqualTo(expected));
    // The caller hears of it first.
    await().atMost(BOUND).until(() -> channel.stats().silent() == (watched ? 1 : 0));
  }

  @Test
  void slowServer_isWaitedForInAWatchedCall() {
    Duration timeout = Duration.ofSeconds(4);
    long patience = SignsOfLife.patience(timeout.toNanos());
    probe.ask =
        (request, observer) ->
            CompletableFuture.delayedExecutor(patience * 5 / 4, TimeUnit.NANOSECONDS)
                .execute(() -> {
                  observer.onNext("at last");
                  observer.onCompleted();
                });
    nodes.start(probe.definition());
    NatsChannel channel = channel();

    assertThat(ask(channel, true, timeout)).isEqualTo("at last");
    assertThat(channel.stats().silent()).isZero();
    assertThat(channel.stats().malformed()).isZero();
  }

  private static String ask(NatsChannel channel, boolean watched, Duration timeout) {
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(timeout).withOption(NatsChannel.WATCHED, watched);
    return ClientCalls.blockingUnaryCall(channel, Probe.ASK, options, "a");
  }

  private static void closeQuickly(Connection connection) {
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void callerThatDied_endsTheHandler() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    probe.listen =
        (request, observer) -> {
          Context.current().addListener(c -> cancelled.countDown(), Runnable::run);
          observer.onNext("one");
        };
    NatsServer server =
        nodes.start(nodes.server(probe.definition()).heartbeat(Duration.ofMillis(50)));
    Connection calling = nodes.connect("doomed");
    Iterator<String> answers = listen(NatsChannel.builder(calling).build());
    assertThat(answers.next()).isEqualTo("one");

    calling.close();

    assertThat(cancelled.await(30, TimeUnit.SECONDS)).isTrue();
    await().atMost(BOUND).until(() -> server.inFlight() == 0);
  }
}
