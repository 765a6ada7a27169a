package vesper.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.nats.client.Connection;
import io.nats.client.Message;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.testing.NatsExtension;
import vesper.testing.TestNats;

/// What happens when a peer, a message or the broker fails.
@ExtendWith(NatsExtension.class)
final class NatsFaultTest {
  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final Duration IDLE = Duration.ofMillis(400);
  private static final byte[] NONE = {};

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
    return nodes.closing(NatsChannel.builder(nodes.connect("client")).idleLimit(IDLE).build());
  }

  private static String ask(NatsChannel channel, String request) {
    return ClientCalls.blockingUnaryCall(channel, Probe.ASK, CallOptions.DEFAULT, request);
  }

  private static Iterator<String> listen(NatsChannel channel) {
    return ClientCalls.blockingServerStreamingCall(
        channel, Probe.LISTEN, CallOptions.DEFAULT.withDeadlineAfter(BOUND), "");
  }

  /// A hand-made server: hands each request for a stream to the test.
  private Connection fake(java.util.function.BiConsumer<Connection, Message> answer) {
    Connection connection = nodes.connect("fake");
    connection
        .createDispatcher(request -> answer.accept(connection, request))
        .subscribe("svc.probe.v1.>");
    try {
      connection.flush(Duration.ofSeconds(5));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return connection;
  }

  private static CallAddress address(Message request) {
    CallAddress address = CallAddress.parse(request.getReplyTo());
    assertThat(address).isNotNull();
    return address == null ? new CallAddress("", 0, 0) : address;
  }

  private static byte[] batch(Frame... frames) {
    ByteWriter out = new ByteWriter();
    for (Frame frame : frames) {
      BatchCodec.write(frame, out);
    }
    return out.take();
  }

  private static Frame frame(Frame.Kind kind, long call, long sequence, String text) {
    return new Frame(kind, call, sequence, text.getBytes(StandardCharsets.UTF_8), null, "");
  }

  // --- lost and foreign frames ---

  @Test
  void lostFrame_endsStreamWithDataLossAndTellsTheServer() {
    CompletableFuture<byte[]> told = new CompletableFuture<>();
    fake((connection, request) -> {
      if (request.getSubject().endsWith("control.fake")) {
        told.complete(request.getData());
        return;
      }
      CallAddress address = address(request);
      connection.publish(
          address.inbox() + ".-",
          "svc.probe.v1.control.fake",
          batch(
              frame(Frame.Kind.MESSAGE, address.id(), 1, "one"),
              frame(Frame.Kind.MESSAGE, address.id(), 3, "three")));
    });
    NatsChannel channel = channel();
    Iterator<String> answers = listen(channel);

    assertThatThrownBy(() -> CallContract.drain(answers))
        .satisfies(e -> assertThat(CallContract.code(e)).isEqualTo(Status.Code.DATA_LOSS));
    assertThat(told)
        .succeedsWithin(BOUND)
        .satisfies(bytes ->
            assertThat(Control.read(bytes)).isEqualTo(new Control(Control.Kind.CANCEL, 1, 0, "")));
    assertThat(channel.stats().gaps()).isOne();
  }

  @Test
  void lostTail_isNoticedByHeartbeatAndByEnd() {
    AtomicInteger requests = new AtomicInteger();
    fake((connection, request) -> {
      if (request.getSubject().contains("control")) {
        return;
      }
      CallAddress address = address(request);
      Frame.Kind last = requests.getAndIncrement() == 0 ? Frame.Kind.BEAT : Frame.Kind.END;
      connection.publish(
          address.inbox() + ".-",
          "svc.probe.v1.control.fake",
          batch(
              frame(Frame.Kind.MESSAGE, address.id(), 1, "one"), frame(last, address.id(), 3, "")));
    });
    NatsChannel channel = channel();

    for (int i = 0; i < 2; i++) {
      Iterator<String> answers = listen(channel);
      assertThatThrownBy(() -> CallContract.drain(answers))
          .satisfies(e -> assertThat(CallContract.code(e)).isEqualTo(Status.Code.DATA_LOSS));
    }
    assertThat(channel.stats().gaps()).isEqualTo(2);
  }

  @Test
  void serverThatIgnoresCredits_isCutOff() {
    fake((connection, request) -> {
      if (request.getSubject().contains("control")) {
        return;
      }
      CallAddress address = address(request);
      for (int i = 1; i <= 100; i++) {
        connection.publish(
            address.inbox() + ".-",
            "svc.probe.v1.control.fake",
            batch(frame(Frame.Kind.MESSAGE, address.id(), i, "x")));
      }
    });
    NatsChannel channel = channel();
    AtomicReference<Status> ended = new AtomicReference<>();
    var call = channel.newCall(Probe.LISTEN, CallOptions.DEFAULT.withDeadlineAfter(BOUND));
    call.start(
        new io.grpc.ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            ended.set(status);
          }
        },
        new Metadata());
    call.sendMessage("");
    call.halfClose();

    await().atMost(BOUND).until(() -> ended.get() != null);
    assertThat(ended.get().getCode()).isEqualTo(Status.Code.INTERNAL);
  }

  @Test
  void hostileAnswers_areIgnoredAndCounted() {
    CountDownLatch sent = new CountDownLatch(1);
    AtomicReference<String> inbox = new AtomicReference<>("");
    fake((connection, request) -> {
      if (request.getSubject().contains("control")) {
        return;
      }
      CallAddress address = address(request);
      inbox.set(address.inbox());
      for (byte[] bytes :
          List.of(
              new byte[] {9, 1, 1, 1},
              new byte[] {0},
              new byte[] {1, 1, 1, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F},
              batch(frame(Frame.Kind.MESSAGE, address.id(), 1, "a stream's frame")),
              batch(frame(Frame.Kind.REPLY, 4711, 0, "to nobody")))) {
        connection.publish(address.inbox() + ".-", bytes);
      }
      connection.publish(address.inbox() + ".zzz.zzz", NONE);
      connection.publish(address.inbox() + ".+", NONE);
      connection.publish(
          address.inbox() + ".-", batch(frame(Frame.Kind.REPLY, address.id(), 0, "the answer")));
      sent.countDown();
    });
    NatsChannel channel = channel();

    assertThat(ask(channel, "a")).isEqualTo("the answer");
    assertThat(sent.getCount()).isZero();
    assertThat(channel.stats().malformed()).isEqualTo(4);
  }

  @Test
  void answerWithBrokenMetadata_endsTheCall() {
    fake((connection, request) -> {
      io.nats.client.impl.Headers headers = new io.nats.client.impl.Headers();
      headers.put("Grpc-Status", "0");
      headers.put("x-raw-bin", "***");
      connection.publish(request.getReplyTo(), headers, NONE);
    });

    assertThatThrownBy(() -> ask(channel(), "a"))
        .satisfies(e -> assertThat(CallContract.code(e)).isEqualTo(Status.Code.INTERNAL));
  }

  @Test
  void answerWithUnknownStatus_isUnknown() {
    fake((connection, request) -> {
      io.nats.client.impl.Headers headers = new io.nats.client.impl.Headers();
      headers.put("Grpc-Status", "99");
      connection.publish(request.getReplyTo(), headers, NONE);
    });

    assertThatThrownBy(() -> ask(channel(), "a"))
        .satisfies(e -> assertThat(CallContract.code(e)).isEqualTo(Status.Code.UNKNOWN));
  }

  @Test
  void hostileControlMessages_areIgnoredAndCounted() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    probe.listen =
        (request, observer) -> {
          observer.onNext("one");
          running.countDown();
          assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
          observer.onNext("two");
          observer.onCompleted();
        };
    NatsServer server = nodes.start(probe.definition());
    Iterator<String> answers = listen(channel());
    assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
    Connection attacker = nodes.connect("attacker");
    String directed = "svc.probe.v1.control." + server.instance() + ".";

    for (byte[] bytes : List.of(NONE, new byte[] {7, 1, 1}, new byte[2000], new byte[] {0, 1})) {
      attacker.publish("svc.probe.v1.control", bytes);
    }
    attacker.publish(directed + "1", new Control(Control.Kind.CREDIT, 1, 1_000_000, "").write());
    attacker.publish(directed + "1", new Control(Control.Kind.CANCEL, 99, 0, "").write());
    attacker.publish(directed + "zzz", new Control(Control.Kind.CANCEL, 1, 0, "").write());
    attacker.publish(directed + "-", new Control(Control.Kind.CANCEL, 1, 0, "").write());
    attacker.publish(
        "svc.probe.v1.control", new Control(Control.Kind.CANCEL, 1, 0, "_INBOX.wrong").write());
    attacker.flush(Duration.ofSeconds(5));
    await().atMost(BOUND).until(() -> server.stats().malformed() == 4);
    go.countDown();

    assertThat(CallContract.drain(answers)).containsExactly("one", "two");
  }

  @Test
  void requestWithoutReplySubject_isIgnored() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    probe.ask = (request, observer) -> runs.incrementAndGet();
    NatsServer server = nodes.start(probe.definition());
    Connection attacker = nodes.connect("attacker");

    attacker.publish("svc.probe.v1.Ask", NONE);
    attacker.flush(Duration.ofSeconds(5));

    await().atMost(BOUND).until(() -> server.stats().malformed() == 1);
    assertThat(runs).hasValue(0);
  }

  @Test
  void callIdInUse_isRefused() throws Exception {
    probe.ask = (request, observer) -> {};
    NatsServer server = nodes.start(probe.definition());
    Connection attacker = nodes.connect("attacker");
    CompletableFuture<Message> answer = new CompletableFuture<>();
    String inbox = attacker.createInbox();
    attacker.createDispatcher(answer::complete).subscribe(inbox + ".>");

    attacker.publish("svc.probe.v1.Ask", inbox + ".1.5000m", NONE);
    await().atMost(BOUND).until(() -> server.inFlight() == 1);
    attacker.publish("svc.probe.v1.Ask", inbox + ".1.5000m", NONE);

    assertThat(answer)
        .succeedsWithin(BOUND)
        .satisfies(m -> assertThat(m.getHeaders().getFirst("Grpc-Status")).isEqualTo("8"));
    assertThat(server.inFlight()).isOne();
  }

  @Test
  void requestWithBrokenMetadata_isRefused() throws Exception {
    nodes.start(probe.definition());
    Connection attacker = nodes.connect("attacker");
    io.nats.client.impl.Headers broken = new io.nats.client.impl.Headers();
    broken.put("x-raw-bin", "***");
    io.nats.client.impl.Headers large = new io.nats.client.impl.Headers();
    large.put("x-large", "x".repeat(HeaderCodec.MAX_BYTES));

    assertThat(status(attacker, broken)).isEqualTo("3");
    assertThat(status(attacker, large)).isEqualTo("8");
  }

  private static @Nullable String status(Connection connection, io.nats.client.impl.Headers headers)
      throws Exception {
    return connection
        .request("svc.probe.v1.Ask", headers, NONE)
        .get(30, TimeUnit.SECONDS)
        .getHeaders()
        .getFirst("Grpc-Status");
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

  // --- silence ---

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
    nodes.start(nodes.server(probe.definition()).heartbeat(IDLE.dividedBy(8)));
    Iterator<String> answers = listen(channel());
    assertThat(answers.next()).isEqualTo("one");

    CompletableFuture.delayedExecutor(IDLE.toMillis() * 3, TimeUnit.MILLISECONDS)
        .execute(go::countDown);

    assertThat(CallContract.drain(answers)).containsExactly("two");
  }

  @Test
  void serverThatDied_endsStreamAfterTheIdleLimit() {
    Connection serving = nodes.connect("doomed");
    probe.listen = (request, observer) -> observer.onNext("one");
    NatsServer.builder(serving).name("probe").addService(probe.definition()).build().start();
    NatsChannel channel = channel();
    Iterator<String> answers = listen(channel);
    assertThat(answers.next()).isEqualTo("one");

    assertThat(CompletableFuture.runAsync(() -> closeQuickly(serving))).succeedsWithin(BOUND);

    assertThatThrownBy(answers::next)
        .satisfies(e -> assertThat(CallContract.code(e)).isEqualTo(Status.Code.UNAVAILABLE));
    assertThat(channel.stats().silent()).isPositive();
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

  @Test
  void streamThatNobodyWaitsFor_isDisownedAtItsHeartbeat() {
    CompletableFuture<byte[]> told = new CompletableFuture<>();
    fake((connection, request) -> {
      if (request.getSubject().endsWith("control.fake")) {
        told.complete(request.getData());
        return;
      }
      CallAddress address = address(request);
      connection.publish(
          address.inbox() + ".-",
          "svc.probe.v1.control.fake",
          batch(
              frame(Frame.Kind.BEAT, 4711, 5, ""),
              frame(Frame.Kind.REPLY, address.id(), 0, "done")));
    });

    assertThat(ask(channel(), "a")).isEqualTo("done");
    assertThat(told)
        .succeedsWithin(BOUND)
        .satisfies(bytes ->
            assertThat(Control.read(bytes))
                .isEqualTo(new Control(Control.Kind.CANCEL, 4711, 0, "")));
  }

  @Test
  void lostCredit_isSentAgainAtTheHeartbeat() {
    CompletableFuture<CallAddress> opened = new CompletableFuture<>();
    CompletableFuture<byte[]> told = new CompletableFuture<>();
    Connection fake =
        fake((connection, request) -> {
          if (request.getSubject().endsWith("control.fake")) {
            told.complete(request.getData());
            return;
          }
          CallAddress address = address(request);
          stream(connection, address, frame(Frame.Kind.MESSAGE, address.id(), 1, "one"));
          opened.complete(address);
        });
    Iterator<String> answers = listen(channel());
    assertThat(answers.next()).isEqualTo("one");
    CallAddress address = opened.join();

    stream(fake, address, frame(Frame.Kind.BEAT, address.id(), 1, ""));

    assertThat(told)
        .succeedsWithin(BOUND)
        .satisfies(bytes ->
            assertThat(Control.read(bytes))
                .isEqualTo(new Control(Control.Kind.CREDIT, address.id(), 1, "")));
    stream(fake, address, frame(Frame.Kind.END, address.id(), 2, ""));
    assertThat(answers.hasNext()).isFalse();
  }

  private static void stream(Connection connection, CallAddress address, Frame... frames) {
    connection.publish(address.inbox() + ".-", "svc.probe.v1.control.fake", batch(frames));
  }
}
