package vesper.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.nats.client.Connection;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.testing.NatsExtension;
import vesper.testing.TestNats;

@ExtendWith(NatsExtension.class)
final class NatsChannelTest {
  private static final Duration BOUND = Duration.ofSeconds(30);

  private final Nodes nodes;
  private final Probe probe = new Probe();
  private NatsChannel channel;
  private NatsServer server;

  NatsChannelTest(TestNats nats) {
    nodes = new Nodes(nats.url());
  }

  @BeforeEach
  void start() {
    server = nodes.start(probe.definition());
    channel = nodes.channel();
  }

  @AfterEach
  void close() {
    nodes.close();
  }

  private String ask(CallOptions options, String request) {
    return ClientCalls.blockingUnaryCall(channel, Probe.ASK, options, request);
  }

  private static void assertEnds(ThrowingCallable call, Status.Code code) {
    assertThatThrownBy(call).satisfies(e -> assertThat(CarriedCalls.code(e)).isEqualTo(code));
  }

  /// Keeps what a call delivers.
  private static class Events extends ClientCall.Listener<String> {
    final List<String> items = new ArrayList<>();
    final CompletableFuture<Status> end = new CompletableFuture<>();
    final AtomicInteger ends = new AtomicInteger();

    @Override
    public void onMessage(String message) {
      items.add(message);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      ends.incrementAndGet();
      end.complete(status);
    }

    Status.Code code() {
      assertThat(end).succeedsWithin(BOUND);
      return end.join().getCode();
    }
  }

  private ClientCall<String, String> open(
      MethodDescriptor<String, String> method, Events events, String request) {
    ClientCall<String, String> call =
        channel.newCall(method, CallOptions.DEFAULT.withDeadlineAfter(BOUND));
    call.start(events, new Metadata());
    call.sendMessage(request);
    call.halfClose();
    return call;
  }

  @Test
  void tooManyOpenCalls_refusesFurtherOnes() {
    probe.ask = (request, observer) -> {};
    NatsChannel narrow =
        nodes.closing(NatsChannel.builder(nodes.connect("narrow")).maxInFlight(1).build());
    Events first = new Events();
    ClientCall<String, String> call = narrow.newCall(Probe.ASK, CallOptions.DEFAULT);
    call.start(first, new Metadata());
    call.sendMessage("a");
    call.halfClose();

    assertThatThrownBy(
            () -> ClientCalls.blockingUnaryCall(narrow, Probe.ASK, CallOptions.DEFAULT, "b"))
        .satisfies(e -> {
          assertThat(CarriedCalls.code(e)).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
          assertThat(Refusal.isRefused(e)).isTrue();
        });
    assertThat(narrow.stats().refused()).isOne();
    call.cancel(null, null);
    assertThat(first.code()).isEqualTo(Status.Code.CANCELLED);
    assertThat(narrow.inFlight()).isZero();
  }

  @Test
  void messageLimits_ofCallOptions_hold() {
    assertEnds(
        () -> ask(CallOptions.DEFAULT.withMaxOutboundMessageSize(2), "abc"),
        Status.Code.RESOURCE_EXHAUSTED);
    assertEnds(
        () -> ask(CallOptions.DEFAULT.withMaxInboundMessageSize(4), "abc"),
        Status.Code.RESOURCE_EXHAUSTED);
    assertThat(ask(CallOptions.DEFAULT.withMaxInboundMessageSize(7), "abc")).isEqualTo("re: abc");
  }

  @Test
  void answerWithMetadataThatDoesNotFit_isRefused() {
    String almost = "x".repeat(1024 * 1024 - BatchCodec.OVERHEAD);
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("x-name", Metadata.ASCII_STRING_MARSHALLER), "v".repeat(1000));
    probe.ask =
        (request, observer) -> {
          observer.onNext(almost);
          observer.onCompleted();
        };
    assertThat(ask(CallOptions.DEFAULT, "a")).isEqualTo(almost);

    NatsServer decorated =
        nodes.start(
            NatsServer.builder(nodes.connect("decorated"))
                .name("decorated")
                .addService(
                    io.grpc.ServerInterceptors.intercept(
                        probe.definition(),
                        new Recorder(new java.util.concurrent.atomic.AtomicReference<>()))));
    server.leave();
    assertThat(decorated.inFlight()).isZero();
    assertEnds(
        () ->
            ClientCalls.blockingUnaryCall(
                ClientInterceptors.intercept(
                    channel, MetadataUtils.newAttachHeadersInterceptor(metadata)),
                Probe.ASK,
                CallOptions.DEFAULT,
                "a"),
        Status.Code.RESOURCE_EXHAUSTED);
  }

  @Test
  void unprintableMetadata_endsTheCallBeforeItIsSent() {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("x-name", Metadata.ASCII_STRING_MARSHALLER), "a\r\nInjected: b");

    assertEnds(
        () ->
            ClientCalls.blockingUnaryCall(
                ClientInterceptors.intercept(
                    channel, MetadataUtils.newAttachHeadersInterceptor(metadata)),
                Probe.ASK,
                CallOptions.DEFAULT,
                "a"),
        Status.Code.INTERNAL);
  }

  @Test
  void callCredentials_areRefusedNotIgnored() {
    CallCredentials credentials =
        new CallCredentials() {
          @Override
          public void applyRequestMetadata(
              RequestInfo requestInfo, Executor executor, MetadataApplier applier) {}
        };

    assertEnds(
        () -> ask(CallOptions.DEFAULT.withCallCredentials(credentials), "a"),
        Status.Code.UNIMPLEMENTED);
  }

  @Test
  void methodWithoutPlace_isUnimplemented() {
    MethodDescriptor<String, String> odd =
        Probe.ASK.toBuilder().setFullMethodName("Odd/Ask").build();

    assertEnds(
        () -> ClientCalls.blockingUnaryCall(channel, odd, CallOptions.DEFAULT, "a"),
        Status.Code.UNIMPLEMENTED);
  }

  @Test
  void closedChannel_endsOpenCalls() {
    probe.ask = (request, observer) -> {};
    Events events = new Events();
    open(Probe.ASK, events, "a");
    assertThat(channel.inFlight()).isOne();

    channel.close();

    assertThat(events.code()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(channel.inFlight()).isZero();
  }

  @Test
  void closedConnection_endsOpenAndFurtherCalls() throws Exception {
    probe.ask = (request, observer) -> {};
    Connection connection = nodes.connect("doomed");
    channel = NatsChannel.builder(connection).build();
    Events events = new Events();
    open(Probe.ASK, events, "a");
    await().atMost(BOUND).until(() -> server.inFlight() == 1);

    connection.close();

    assertThat(events.code()).isEqualTo(Status.Code.UNAVAILABLE);
    assertEnds(() -> ask(CallOptions.DEFAULT, "b"), Status.Code.UNAVAILABLE);
    channel.close();
  }

  @Test
  void listenerThatThrows_endsTheCallOnceAndTellsTheServer() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    probe.listen =
        (request, observer) -> {
          Context.current().addListener(c -> cancelled.countDown(), Runnable::run);
          observer.onNext("one");
        };
    Events events =
        new Events() {
          @Override
          public void onMessage(String message) {
            throw new IllegalStateException("the listener is broken");
          }
        };
    open(Probe.LISTEN, events, "").request(1);

    assertThat(events.code()).isEqualTo(Status.Code.CANCELLED);
    assertThat(cancelled.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(events.ends).hasValue(1);
  }

  @Test
  void undecodableAnswer_endsTheCall() {
    MethodDescriptor<String, String> picky =
        Probe.ASK.toBuilder(
                Probe.ASK.getRequestMarshaller(),
                new MethodDescriptor.Marshaller<String>() {
                  @Override
                  public InputStream stream(String value) {
                    throw new UnsupportedOperationException();
                  }

                  @Override
                  public String parse(InputStream stream) {
                    throw new IllegalArgumentException("not for me");
                  }
                })
            .build();

    assertEnds(
        () -> ClientCalls.blockingUnaryCall(channel, picky, CallOptions.DEFAULT, "a"),
        Status.Code.INTERNAL);
  }

  @Test
  void unencodableRequest_endsTheCall() {
    MethodDescriptor<String, String> picky =
        Probe.ASK.toBuilder(
                new MethodDescriptor.Marshaller<String>() {
                  @Override
                  public InputStream stream(String value) {
                    throw new IllegalArgumentException("not this one");
                  }

                  @Override
                  public String parse(InputStream stream) {
                    throw new UnsupportedOperationException();
                  }
                },
                Probe.ASK.getResponseMarshaller())
            .build();

    assertEnds(
        () -> ClientCalls.blockingUnaryCall(channel, picky, CallOptions.DEFAULT, "a"),
        Status.Code.CANCELLED);
  }

  @Test
  void messages_areDeliveredAsFarAsAskedFor() {
    Events events = new Events();
    ClientCall<String, String> call = open(Probe.LISTEN, events, "3");

    call.request(2);
    await().atMost(BOUND).until(() -> events.items.size() == 2);
    assertThat(events.end).isNotDone();
    call.request(1);

    assertThat(events.code()).isEqualTo(Status.Code.OK);
    assertThatThrownBy(call::halfClose).isInstanceOf(IllegalStateException.class);
    assertThat(events.items).isEqualTo(CarriedCalls.items(3));
  }

  @Test
  void cancelledContext_endsTheCallBeforeItIsSent() throws Exception {
    try (Context.CancellableContext context = Context.current().withCancellation()) {
      context.cancel(new IllegalStateException("over"));

      context.call(() -> {
        assertEnds(() -> ask(CallOptions.DEFAULT, "a"), Status.Code.CANCELLED);
        return 0;
      });
    }
    assertThat(server.inFlight()).isZero();
  }

  @Test
  void misuse_isRefused() {
    Events events = new Events();
    ClientCall<String, String> call = channel.newCall(Probe.ASK, CallOptions.DEFAULT);
    assertThatThrownBy(call::halfClose).isInstanceOf(IllegalStateException.class);
    call.start(events, new Metadata());
    assertThatThrownBy(() -> call.start(events, new Metadata()))
        .isInstanceOf(IllegalStateException.class);
    assertThat(call.isReady()).isTrue();
    call.sendMessage("a");
    assertThatThrownBy(() -> call.sendMessage("b")).isInstanceOf(IllegalStateException.class);
    call.cancel("never mind", null);

    assertThat(events.code()).isEqualTo(Status.Code.CANCELLED);
    assertThat(call.isReady()).isFalse();
  }

  @Test
  void callWithoutRequest_ends() {
    Events events = new Events();
    ClientCall<String, String> call = channel.newCall(Probe.ASK, CallOptions.DEFAULT);
    call.start(events, new Metadata());
    call.halfClose();

    assertThat(events.code()).isEqualTo(Status.Code.INTERNAL);
  }

  @Test
  void settings_areChecked() {
    Connection connection = nodes.connect("settings");

    assertThatThrownBy(() -> NatsChannel.builder(connection).maxInFlight(0))
        .hasMessageContaining("maxInFlight");
    assertThatThrownBy(() -> NatsChannel.builder(connection).defaultDeadline(Duration.ZERO))
        .hasMessageContaining("defaultDeadline");
    assertThatThrownBy(() -> NatsChannel.builder(connection).idleLimit(Duration.ofSeconds(-1)))
        .hasMessageContaining("idleLimit");
  }

  @Test
  void settings_areUsed() {
    probe.ask =
        (request, observer) -> {
          observer.onNext("" + Context.current().getDeadline().timeRemaining(TimeUnit.MINUTES));
          observer.onCompleted();
        };
    SubjectScheme doubled =
        name -> {
          SubjectScheme.Route route = SubjectScheme.standard().route(name);
          return new SubjectScheme.Route(
              route.domain(), "x." + route.subject(), route.queueGroup(), "x." + route.control());
        };
    nodes.start(nodes.server(probe.definition()).scheme(doubled));
    server.leave();
    channel =
        nodes.closing(
            NatsChannel.builder(nodes.connect("doubled"))
                .scheme(doubled)
                .defaultDeadline(Duration.ofMinutes(10))
                .build());

    assertThat(ask(CallOptions.DEFAULT, "a")).isEqualTo("9");
    assertThat(channel.authority()).isEqualTo("nats");
  }
}
