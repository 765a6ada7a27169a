package vesper.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.testing.NatsExtension;
import vesper.testing.TestNats;

@ExtendWith(NatsExtension.class)
final class NatsServerTest {
  private static final Duration BOUND = Duration.ofSeconds(30);

  private final Nodes nodes;
  private final Probe probe = new Probe();

  NatsServerTest(TestNats nats) {
    nodes = new Nodes(nats.url());
  }

  @AfterEach
  void close() {
    nodes.close();
  }

  private static String ask(NatsChannel channel, String request) {
    return ClientCalls.blockingUnaryCall(channel, Probe.ASK, CallOptions.DEFAULT, request);
  }

  private static Probe named(String name) {
    Probe probe = new Probe();
    probe.ask =
        (request, observer) -> {
          observer.onNext(name);
          observer.onCompleted();
        };
    return probe;
  }

  @Test
  void manyServersOfOneConnection_leaveAtOnce_withoutLosingIt() throws InterruptedException {
    Connection shared = nodes.connect("shared");
    AtomicInteger lost = new AtomicInteger();
    shared.addConnectionListener((_, event) -> {
      if (event == ConnectionListener.Events.DISCONNECTED) {
        lost.incrementAndGet();
      }
    });
    List<NatsServer> servers =
        IntStream.range(0, 12)
            .mapToObj(i ->
                nodes.start(
                    NatsServer.builder(shared).name("probe").addService(probe.definition())))
            .toList();

    for (int round = 0; round < 5; round++) {
      atOnce(servers, NatsServer::leave);
      atOnce(servers, NatsServer::rejoin);
    }

    assertThat(lost).hasValue(0);
  }

  private static void atOnce(List<NatsServer> servers, Consumer<NatsServer> action)
      throws InterruptedException {
    List<Thread> threads =
        servers.stream()
            .map(server -> Thread.startVirtualThread(() -> action.accept(server)))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  // --- who answers ---

  @Test
  void noServer_endsAtOnceAndIsMarkedAsRefused() {
    NatsChannel channel = nodes.channel();

    assertThatThrownBy(() -> ask(channel, "a"))
        .satisfies(e -> {
          assertThat(Status.fromThrowable(e).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
          assertThat(Refusal.isRefused(e)).isTrue();
        });
    assertThat(channel.stats().noResponders()).isOne();
    assertThat(channel.inFlight()).isZero();
  }

  @Test
  void twoServers_shareTheCalls() {
    nodes.start(named("one").definition());
    nodes.start(named("two").definition());
    NatsChannel channel = nodes.channel();
    Set<String> answers = ConcurrentHashMap.newKeySet();

    await()
        .atMost(BOUND)
        .until(() -> {
          answers.add(ask(channel, "a"));
          return answers.equals(Set.of("one", "two"));
        });
  }

  @Test
  void leave_sendsCallersElsewhereAndRejoinBringsThemBack() {
    NatsServer one = nodes.start(named("one").definition());
    NatsServer two = nodes.start(named("two").definition());
    NatsChannel channel = nodes.channel();

    one.leave();
    for (int i = 0; i < 50; i++) {
      assertThat(ask(channel, "a")).isEqualTo("two");
    }
    two.leave();
    assertThatThrownBy(() -> ask(channel, "a"))
        .satisfies(e -> assertThat(Refusal.isRefused(e)).isTrue());
    one.rejoin();
    one.rejoin();

    assertThat(ask(channel, "a")).isEqualTo("one");
  }

  @Test
  void leave_letsRunningStreamsGoOn() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    probe.listen =
        (request, observer) -> {
          observer.onNext("before");
          assertThat(left.await(30, TimeUnit.SECONDS)).isTrue();
          for (int i = 0; i < 500; i++) {
            observer.onNext("after");
          }
          observer.onCompleted();
        };
    NatsServer server = nodes.start(probe.definition());
    var answers =
        ClientCalls.blockingServerStreamingCall(
            nodes.channel(), Probe.LISTEN, CallOptions.DEFAULT, "");
    assertThat(answers.next()).isEqualTo("before");

    server.leave();
    left.countDown();

    assertThat(CarriedCalls.drain(answers)).hasSize(500);
  }

  // --- stopping ---

  @Test
  void drain_waitsForRunningCalls() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    probe.ask =
        (request, observer) -> {
          running.countDown();
          assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
          observer.onNext("done");
          observer.onCompleted();
        };
    NatsServer server = nodes.start(probe.definition());
    var answer =
        ClientCalls.futureUnaryCall(
            nodes.channel().newCall(Probe.ASK, CallOptions.DEFAULT.withDeadlineAfter(BOUND)), "a");
    assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(server.inFlight()).isOne();

    AtomicBoolean drained = new AtomicBoolean();
    Thread drain = Thread.startVirtualThread(() -> drained.set(server.drain(BOUND)));
    go.countDown();

    assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("done");
    drain.join();
    assertThat(drained).isTrue();
    assertThat(server.inFlight()).isZero();
  }

  @Test
  void drain_beyondItsLimit_endsCallsWithUnavailable() {
    probe.ask = (request, observer) -> {};
    NatsServer server = nodes.start(probe.definition());
    NatsChannel channel = nodes.channel();
    var answer =
        ClientCalls.futureUnaryCall(
            channel.newCall(Probe.ASK, CallOptions.DEFAULT.withDeadlineAfter(BOUND)), "a");
    await().atMost(BOUND).until(() -> server.inFlight() == 1);

    assertThat(server.drain(Duration.ofMillis(50))).isFalse();

    assertThatThrownBy(() -> answer.get(30, TimeUnit.SECONDS))
        .satisfies(e -> {
          assertThat(CarriedCalls.code(e)).isEqualTo(Status.Code.UNAVAILABLE);
          assertThat(Refusal.isRefused(e)).isFalse();
        });
  }

  @Test
  void rollingRestart_underLoad_losesNoCall() throws Exception {
    AtomicInteger effects = new AtomicInteger();
    probe.ask =
        (request, observer) -> {
          effects.incrementAndGet();
          observer.onNext(request);
          observer.onCompleted();
        };
    NatsServer current = nodes.start(probe.definition());
    NatsChannel channel = nodes.channel();
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger answered = new AtomicInteger();
    Set<String> failures = ConcurrentHashMap.newKeySet();
    CountDownLatch callers = new CountDownLatch(16);
    for (int i = 0; i < 16; i++) {
      Thread.startVirtualThread(() -> {
        while (!stop.get()) {
          try {
            ask(channel, "a");
            answered.incrementAndGet();
          } catch (StatusRuntimeException e) {
            failures.add(e.toString());
          }
        }
        callers.countDown();
      });
    }

    for (int i = 0; i < 10; i++) {
      int before = answered.get();
      await().atMost(BOUND).until(() -> answered.get() > before + 100);
      NatsServer next = nodes.start(probe.definition());
      assertThat(current.drain(BOUND)).isTrue();
      current = next;
    }
    stop.set(true);

    assertThat(callers.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(failures).isEmpty();
    assertThat(effects).hasValue(answered.get());
  }

  @Test
  void close_twice_doesNothingMore() {
    NatsServer server = nodes.start(probe.definition());
    assertThatThrownBy(server::start).isInstanceOf(IllegalStateException.class);
    server.close();
    server.close();
    assertThat(server.stats().dropped()).isZero();

    assertThatThrownBy(server::rejoin).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> ask(nodes.channel(), "a"))
        .satisfies(e -> assertThat(Refusal.isRefused(e)).isTrue());
  }

  // --- limits ---

  @Test
  void fastCall_behindSlowOnes_doesNotWait() throws Exception {
    CountDownLatch slow = new CountDownLatch(10);
    CountDownLatch go = new CountDownLatch(1);
    probe.ask =
        (request, observer) -> {
          if (request.equals("slow")) {
            slow.countDown();
            assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
          }
          observer.onNext("done");
          observer.onCompleted();
        };
    nodes.start(probe.definition());
    NatsChannel channel = nodes.channel();
    for (int i = 0; i < 10; i++) {
      ClientCalls.asyncUnaryCall(
          channel.newCall(Probe.ASK, CallOptions.DEFAULT), "slow", new CarriedCalls.Collected());
    }
    assertThat(slow.await(30, TimeUnit.SECONDS)).isTrue();

    assertThat(ask(channel, "fast")).isEqualTo("done");
    go.countDown();
  }

  @Test
  void serverFull_refusesFurtherCalls() {
    CountDownLatch go = new CountDownLatch(1);
    probe.ask =
        (request, observer) -> {
          assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
          observer.onNext("done");
          observer.onCompleted();
        };
    NatsServer server = nodes.start(nodes.server(probe.definition()).maxInFlight(1));
    NatsChannel channel = nodes.channel();
    var first = ClientCalls.futureUnaryCall(channel.newCall(Probe.ASK, CallOptions.DEFAULT), "a");
    await().atMost(BOUND).until(() -> server.inFlight() == 1);

    assertThatThrownBy(() -> ask(channel, "b"))
        .satisfies(e -> {
          assertThat(CarriedCalls.code(e)).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
          assertThat(Refusal.isRefused(e)).isTrue();
        });
    go.countDown();

    assertThat(first).succeedsWithin(BOUND);
    assertThat(server.stats().refused()).isOne();
    await().atMost(BOUND).until(() -> server.inFlight() == 0);
    assertThat(ask(channel, "c")).isEqualTo("done");
  }

  @Test
  void handlerThatForgetsToAnswer_isEndedByTheDeadline() {
    AtomicBoolean cancelled = new AtomicBoolean();
    probe.ask =
        (request, observer) ->
            Context.current().addListener(c -> cancelled.set(true), Runnable::run);
    NatsServer server = nodes.start(probe.definition());

    assertThatThrownBy(() ->
            ClientCalls.blockingUnaryCall(
                nodes.channel(),
                Probe.ASK,
                CallOptions.DEFAULT.withDeadlineAfter(Duration.ofMillis(500)),
                "a"))
        .satisfies(e -> assertThat(CarriedCalls.code(e)).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
    await().atMost(BOUND).untilTrue(cancelled);
    await().atMost(BOUND).until(() -> server.inFlight() == 0);
  }

  // --- building ---

  @Test
  void build_refusesWhatCannotBeServed() {
    Connection connection = nodes.connect("server");
    ServerServiceDefinition collecting =
        ServerServiceDefinition.builder(Probe.SERVICE)
            .addMethod(
                Probe.COLLECT,
                ServerCalls.<String, String>asyncClientStreamingCall(
                    observer -> new CarriedCalls.Collected()))
            .build();
    MethodDescriptor<String, String> twin =
        Probe.ASK.toBuilder().setFullMethodName("vesper.probe.v1.Other/Ask").build();
    ServerServiceDefinition other =
        ServerServiceDefinition.builder("vesper.probe.v1.Other")
            .addMethod(
                ServerMethodDefinition.create(
                    twin, ServerCalls.<String, String>asyncUnaryCall((q, o) -> o.onCompleted())))
            .build();

    assertThatThrownBy(() -> NatsServer.builder(connection).name("no dots."))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> NatsServer.builder(connection).version("one"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> NatsServer.builder(connection).build())
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(
            () -> NatsServer.builder(connection).name("probe").addService(collecting).build())
        .hasMessageContaining("vesper.probe.v1.Probe/Collect");
    assertThatThrownBy(() ->
            NatsServer.builder(connection)
                .name("probe")
                .addService(probe.definition())
                .addService(other)
                .build())
        .hasMessageContaining("svc.probe.v1.Ask");
  }
}
