package vesper.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static vesper.transport.FakeServer.address;
import static vesper.transport.FakeServer.batch;
import static vesper.transport.FakeServer.frame;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import vesper.testing.NatsExtension;
import vesper.testing.TestNats;

/// What happens when frames get lost or come from somebody who does not keep the rules.
@ExtendWith(NatsExtension.class)
final class HostileFramesTest {
  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final byte[] NONE = {};

  private final Nodes nodes;
  private final Probe probe = new Probe();

  HostileFramesTest(TestNats nats) {
    nodes = new Nodes(nats.url());
  }

  @AfterEach
  void close() {
    nodes.close();
  }

  private void startFake(BiConsumer<FakeServer, Message> answer) {
    assertThat(new FakeServer(nodes, answer).told).isNotDone();
  }

  private static void assertEnds(ThrowingCallable call, Status.Code code) {
    assertThatThrownBy(call).satisfies(e -> assertThat(CarriedCalls.code(e)).isEqualTo(code));
  }

  private static String ask(NatsChannel channel) {
    return ClientCalls.blockingUnaryCall(channel, Probe.ASK, CallOptions.DEFAULT, "a");
  }

  private static Iterator<String> listen(NatsChannel channel) {
    return ClientCalls.blockingServerStreamingCall(
        channel, Probe.LISTEN, CallOptions.DEFAULT.withDeadlineAfter(BOUND), "");
  }

  @Test
  void lostFrame_endsStreamWithDataLossAndTellsTheServer() {
    FakeServer fake =
        new FakeServer(
            nodes,
            (server, request) -> {
              CallAddress address = address(request);
              server.send(
                  address,
                  frame(Frame.Kind.MESSAGE, address.id(), 1, "one"),
                  frame(Frame.Kind.MESSAGE, address.id(), 3, "three"));
            });
    NatsChannel channel = nodes.channel();

    assertEnds(() -> CarriedCalls.drain(listen(channel)), Status.Code.DATA_LOSS);
    assertThat(fake.told)
        .succeedsWithin(BOUND)
        .isEqualTo(new Control(Control.Kind.CANCEL, 1, 0, ""));
    assertThat(channel.stats().gaps()).isOne();
  }

  @ParameterizedTest
  @EnumSource(names = {"BEAT", "END"})
  void lostTail_isNoticed(Frame.Kind last) {
    startFake((server, request) -> {
      CallAddress address = address(request);
      server.send(
          address,
          frame(Frame.Kind.MESSAGE, address.id(), 1, "one"),
          frame(last, address.id(), 3, ""));
    });
    NatsChannel channel = nodes.channel();

    assertEnds(() -> CarriedCalls.drain(listen(channel)), Status.Code.DATA_LOSS);
    assertThat(channel.stats().gaps()).isOne();
  }

  @Test
  void serverThatIgnoresCredits_isCutOff() {
    startFake((server, request) -> {
      CallAddress address = address(request);
      for (int i = 1; i <= 100; i++) {
        server.send(address, frame(Frame.Kind.MESSAGE, address.id(), i, "x"));
      }
    });
    CompletableFuture<Status.Code> end = new CompletableFuture<>();
    ClientCall<String, String> call =
        nodes.channel().newCall(Probe.LISTEN, CallOptions.DEFAULT.withDeadlineAfter(BOUND));
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status.getCode());
          }
        },
        new Metadata());
    call.sendMessage("");
    call.halfClose();

    assertThat(end).succeedsWithin(BOUND).isEqualTo(Status.Code.INTERNAL);
  }

  @Test
  void hostileAnswers_areIgnoredAndCounted() {
    startFake((server, request) -> {
      CallAddress address = address(request);
      Connection connection = server.connection();
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
          address.inbox() + ".-", batch(frame(Frame.Kind.BEAT, 4711, 1, "no reply subject")));
      server.send(address, frame(Frame.Kind.REPLY, address.id(), 0, "the answer"));
    });
    NatsChannel channel = nodes.channel();

    assertThat(ask(channel)).isEqualTo("the answer");
    assertThat(channel.stats().malformed()).isEqualTo(4);
  }

  @Test
  void answerOfAnyNatsResponder_isTaken() {
    startFake((server, request) ->
        server
            .connection()
            .publish(request.getReplyTo(), "plain".getBytes(StandardCharsets.UTF_8)));

    assertThat(ask(nodes.channel())).isEqualTo("plain");
  }

  @Test
  void headersOutOfTurn_areIgnoredOrEndTheStream() {
    Headers odd = new Headers();
    odd.put("Seq", "5");
    startFake((server, request) -> {
      CallAddress address = address(request);
      server.connection().publish(CallAddress.frames(address.inbox(), address.id()), odd, NONE);
      server.send(address, frame(Frame.Kind.REPLY, address.id(), 0, "the answer"));
    });
    NatsChannel channel = nodes.channel();

    assertThat(ask(channel)).isEqualTo("the answer");
    assertThat(channel.stats().malformed()).isOne();
    assertEnds(() -> CarriedCalls.drain(listen(channel)), Status.Code.DATA_LOSS);
  }

  @Test
  void plainAnswerToStream_isIgnored() {
    startFake((server, request) -> {
      CallAddress address = address(request);
      server.connection().publish(request.getReplyTo(), NONE);
      server.send(
          address,
          frame(Frame.Kind.BEAT, address.id(), 0, ""),
          frame(Frame.Kind.END, address.id(), 1, ""));
    });
    NatsChannel channel = nodes.channel();

    assertThat(CarriedCalls.drain(listen(channel))).isEmpty();
    assertThat(channel.stats().malformed()).isOne();
  }

  @ParameterizedTest
  @CsvSource({
    "0, x-raw-bin, ***, INTERNAL",
    "99, x-name, text, UNKNOWN",
    "five, x-name, text, UNKNOWN",
    "5, x-name, text, NOT_FOUND"
  })
  void answerWithHeaders_endsTheCall(
      String status, String name, String value, Status.Code expected) {
    Headers headers = new Headers();
    headers.put("Grpc-Status", status);
    headers.put(name, value);
    startFake(
        (server, request) -> server.connection().publish(request.getReplyTo(), headers, NONE));

    assertEnds(() -> ask(nodes.channel()), expected);
  }

  @Test
  void streamThatNobodyWaitsFor_isDisownedAtItsHeartbeat() {
    FakeServer fake =
        new FakeServer(
            nodes,
            (server, request) -> {
              CallAddress address = address(request);
              server.send(
                  address,
                  frame(Frame.Kind.BEAT, 4711, 5, ""),
                  frame(Frame.Kind.REPLY, address.id(), 0, "done"));
            });

    assertThat(ask(nodes.channel())).isEqualTo("done");
    assertThat(fake.told)
        .succeedsWithin(BOUND)
        .isEqualTo(new Control(Control.Kind.CANCEL, 4711, 0, ""));
  }

  @Test
  void lostCredit_isSentAgainAtTheHeartbeat() {
    CompletableFuture<CallAddress> opened = new CompletableFuture<>();
    FakeServer fake =
        new FakeServer(
            nodes,
            (server, request) -> {
              CallAddress address = address(request);
              server.send(address, frame(Frame.Kind.MESSAGE, address.id(), 1, "one"));
              opened.complete(address);
            });
    Iterator<String> answers = listen(nodes.channel());
    assertThat(answers.next()).isEqualTo("one");
    CallAddress address = opened.join();

    fake.send(address, frame(Frame.Kind.BEAT, address.id(), 1, ""));

    assertThat(fake.told)
        .succeedsWithin(BOUND)
        .isEqualTo(new Control(Control.Kind.CREDIT, address.id(), 1, ""));
    fake.send(address, frame(Frame.Kind.END, address.id(), 2, ""));
    assertThat(answers.hasNext()).isFalse();
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
    Iterator<String> answers = listen(nodes.channel());
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

    assertThat(CarriedCalls.drain(answers)).containsExactly("one", "two");
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
    Headers broken = new Headers();
    broken.put("x-raw-bin", "***");
    Headers large = new Headers();
    large.put("x-large", "x".repeat(HeaderCodec.MAX_BYTES));

    assertThat(status(attacker, broken)).isEqualTo("3");
    assertThat(status(attacker, large)).isEqualTo("8");
  }

  private static @Nullable String status(Connection connection, Headers headers) throws Exception {
    return connection
        .request("svc.probe.v1.Ask", headers, NONE)
        .get(30, TimeUnit.SECONDS)
        .getHeaders()
        .getFirst("Grpc-Status");
  }
}
