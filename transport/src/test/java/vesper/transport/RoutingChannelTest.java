package vesper.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.testing.NatsExtension;
import vesper.testing.TestNats;

@ExtendWith(NatsExtension.class)
final class RoutingChannelTest {
  private static final Duration BOUND = Duration.ofSeconds(30);

  private final Nodes nodes;
  private final LocalServices local;

  RoutingChannelTest(TestNats nats) {
    nodes = new Nodes(nats.url());
    local = nodes.closing(LocalServices.create());
  }

  @AfterEach
  void close() {
    nodes.close();
  }

  /// A service that answers with its name and with how it was reached.
  private static Probe named(String name) {
    Probe probe = new Probe();
    probe.ask =
        (request, observer) -> {
          boolean nats =
              StackWalker.getInstance()
                  .walk(s -> s.anyMatch(f -> f.getClassName().contains("NatsServerCall")));
          observer.onNext(name + (nats ? " over NATS" : " in-process"));
          observer.onCompleted();
        };
    return probe;
  }

  private NatsServer startLocal(Probe probe) {
    return nodes.start(nodes.server(probe.definition()).local(local));
  }

  private Channel channel(Routing routing, Discovery discovery) {
    return RoutingChannel.of(routing, local, nodes.channel(), discovery);
  }

  private Discovery discovery() {
    return nodes.closing(Discovery.start(nodes.connect("discovery"), Duration.ofMillis(50)));
  }

  private static String ask(Channel channel) {
    return ClientCalls.blockingUnaryCall(channel, Probe.ASK, CallOptions.DEFAULT, "a");
  }

  @Test
  void auto_staysInProcessUntilAnotherInstanceLives() {
    startLocal(named("mine"));
    Discovery discovery = discovery();
    Channel channel = channel(Routing.AUTO, discovery);
    await().atMost(BOUND).until(() -> discovery.serving("probe").size() == 1);
    assertThat(ask(channel)).isEqualTo("mine in-process");

    NatsServer other = nodes.start(named("other").definition());
    await().atMost(BOUND).until(() -> ask(channel).equals("other over NATS"));
    await().atMost(BOUND).until(() -> ask(channel).equals("mine over NATS"));

    other.leave();
    await().atMost(BOUND).until(() -> ask(channel).equals("mine in-process"));
  }

  @Test
  void auto_calleeLeftItsQueueGroups_isRefusedOrElsewhere() {
    NatsServer mine = startLocal(named("mine"));
    Channel channel = channel(Routing.AUTO, discovery());

    mine.leave();
    assertThatThrownBy(() -> ask(channel))
        .satisfies(e -> {
          assertThat(CarriedCalls.code(e)).isEqualTo(Status.Code.UNAVAILABLE);
          assertThat(Refusal.isRefused(e)).isTrue();
        });

    nodes.start(named("other").definition());
    assertThat(ask(channel)).isEqualTo("other over NATS");
    mine.rejoin();
    assertThat(ask(channel(Routing.LOCAL, discovery()))).isEqualTo("mine in-process");
  }

  @Test
  void forced_takesItsWayOnly() {
    Discovery discovery = discovery();
    Channel onlyLocal = channel(Routing.LOCAL, discovery);
    Channel onlyNats = channel(Routing.NATS, discovery);
    assertThatThrownBy(() -> ask(onlyLocal))
        .satisfies(e -> assertThat(Refusal.isRefused(e)).isTrue());

    startLocal(named("mine"));

    assertThat(ask(onlyLocal)).isEqualTo("mine in-process");
    assertThat(ask(onlyNats)).isEqualTo("mine over NATS");
  }

  @Test
  void bytes_inAndOut_workEitherWay() {
    startLocal(new Probe());
    MethodDescriptor<byte[], byte[]> raw =
        Probe.ASK.toBuilder(ThroughputProbe.BYTES, ThroughputProbe.BYTES).build();
    Discovery discovery = discovery();

    for (Routing routing : Routing.values()) {
      byte[] answer =
          ClientCalls.blockingUnaryCall(
              channel(routing, discovery),
              raw,
              CallOptions.DEFAULT,
              "a".getBytes(StandardCharsets.UTF_8));
      assertThat(new String(answer, StandardCharsets.UTF_8)).isEqualTo("re: a");
    }
  }

  @Test
  void streamsOfRequests_areUnimplementedEitherWay() {
    startLocal(new Probe());
    Discovery discovery = discovery();

    for (Routing routing : Routing.values()) {
      for (MethodDescriptor<String, String> method : List.of(Probe.COLLECT, Probe.CHAT)) {
        CarriedCalls.Collected collected = new CarriedCalls.Collected();
        var requests =
            ClientCalls.asyncBidiStreamingCall(
                channel(routing, discovery).newCall(method, CallOptions.DEFAULT), collected);
        requests.onNext("a");
        requests.onCompleted();

        assertThat(collected.done)
            .failsWithin(BOUND)
            .withThrowableThat()
            .withMessageContaining(routing == Routing.LOCAL ? "UNAVAILABLE" : "UNIMPLEMENTED");
      }
    }
  }

  @Test
  void defaultDeadline_holdsEitherWay() {
    Probe probe = new Probe();
    probe.ask =
        (request, observer) -> {
          observer.onNext("" + Context.current().getDeadline().timeRemaining(TimeUnit.SECONDS));
          observer.onCompleted();
        };
    startLocal(probe);
    Discovery discovery = discovery();

    for (Routing routing : Routing.values()) {
      assertThat(Long.parseLong(ask(channel(routing, discovery)))).isBetween(3L, 5L);
    }
  }

  @Test
  void drain_waitsForInProcessCalls() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Probe probe = new Probe();
    probe.ask =
        (request, observer) -> {
          running.countDown();
          assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
          observer.onNext("done");
          observer.onCompleted();
        };
    NatsServer server = startLocal(probe);
    var answer =
        ClientCalls.futureUnaryCall(
            local.channel().newCall(Probe.ASK, CallOptions.DEFAULT.withDeadlineAfter(BOUND)), "a");
    assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();

    assertThat(server.inFlight()).isOne();
    Thread.startVirtualThread(() -> {
      await().atMost(BOUND).until(() -> !local.serves("vesper.probe.v1.Probe/Ask"));
      go.countDown();
    });
    assertThat(server.drain(BOUND)).isTrue();

    assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("done");
  }

  @Test
  void inProcess_serverFull_refusesFurtherCalls() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    Probe probe = new Probe();
    probe.ask =
        (request, observer) -> {
          assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
          observer.onNext("done");
          observer.onCompleted();
        };
    NatsServer server = nodes.start(nodes.server(probe.definition()).local(local).maxInFlight(1));
    var first =
        ClientCalls.futureUnaryCall(local.channel().newCall(Probe.ASK, CallOptions.DEFAULT), "a");
    await().atMost(BOUND).until(() -> server.inFlight() == 1);

    assertThatThrownBy(() -> ask(local.channel()))
        .satisfies(e -> {
          assertThat(CarriedCalls.code(e)).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
          assertThat(Refusal.isRefused(e)).isTrue();
        });
    go.countDown();
    assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo("done");
  }

  @Test
  void inProcess_settings_areUsed() {
    Probe probe = new Probe();
    probe.listen =
        (request, observer) -> {
          observer.onNext("short");
          observer.onNext("x".repeat(200));
          assertThatThrownBy(() -> observer.onNext("more"))
              .satisfies(e -> assertThat(CarriedCalls.code(e)).isEqualTo(Status.Code.CANCELLED));
          observer.onCompleted();
        };
    probe.ask =
        (request, observer) -> {
          observer.onNext("" + Context.current().getDeadline().timeRemaining(TimeUnit.MINUTES));
          observer.onCompleted();
        };
    try (LocalServices narrow =
        LocalServices.builder()
            .defaultDeadline(Duration.ofMinutes(10))
            .maxMessageBytes(100)
            .build()) {
      narrow.add("only", List.of(probe.definition()));

      assertThat(ask(narrow.channel())).isEqualTo("9");
      assertThatThrownBy(() ->
              ClientCalls.blockingServerStreamingCall(
                      narrow.channel(), Probe.LISTEN, CallOptions.DEFAULT, "")
                  .forEachRemaining(item -> assertThat(item).isEqualTo("short")))
          .satisfies(
              e -> assertThat(CarriedCalls.code(e)).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
      assertThatThrownBy(() ->
              ClientCalls.blockingUnaryCall(
                  narrow.channel(), Probe.ASK, CallOptions.DEFAULT, "x".repeat(200)))
          .satisfies(
              e -> assertThat(CarriedCalls.code(e)).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
      assertThatThrownBy(() ->
              ClientCalls.blockingUnaryCall(
                  narrow.channel(),
                  Probe.ASK.toBuilder().setFullMethodName("vesper.probe.v1.Probe/No").build(),
                  CallOptions.DEFAULT,
                  ""))
          .satisfies(e -> {
            assertThat(CarriedCalls.code(e)).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(Refusal.isRefused(e)).isTrue();
          });
      CarriedCalls.Collected collected = new CarriedCalls.Collected();
      ClientCalls.asyncBidiStreamingCall(
              narrow.channel().newCall(Probe.CHAT, CallOptions.DEFAULT), collected)
          .onCompleted();
      assertThat(collected.done)
          .failsWithin(BOUND)
          .withThrowableThat()
          .withMessageContaining("UNIMPLEMENTED");
      assertThat(narrow.channel().authority()).isNotEmpty();
    }
  }

  @Test
  void add_methodOfAnotherInstance_isRefused() {
    local.add("one", List.of(new Probe().definition()));

    assertThatThrownBy(() -> local.add("two", List.of(new Probe().definition())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("instance one");
  }
}
