package vesper.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a call does, whatever carries it. The same tests run in-process, over NATS and over HTTP/2.
abstract class CallContract {
  static final Duration BOUND = Duration.ofSeconds(30);

  private static final Metadata.Key<String> NAME =
      Metadata.Key.of("x-name", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<byte[]> BINARY =
      Metadata.Key.of("x-raw-bin", Metadata.BINARY_BYTE_MARSHALLER);
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  final Probe probe = new Probe();
  private final AtomicReference<Metadata> received = new AtomicReference<>(new Metadata());
  private Carrier carrier;
  Channel channel;

  /// Makes a service callable.
  abstract Carrier carry(ServerServiceDefinition service) throws Exception;

  @BeforeEach
  void start() throws Exception {
    ServerServiceDefinition service =
        ServerInterceptors.intercept(probe.definition(), new Recorder(received));
    carrier = carry(service);
    channel = carrier.channel();
  }

  @AfterEach
  void stop() {
    carrier.close();
  }

  String ask(String request) {
    return ClientCalls.blockingUnaryCall(channel, Probe.ASK, CallOptions.DEFAULT, request);
  }

  Iterator<String> listen(String request) {
    return ClientCalls.blockingServerStreamingCall(
        channel, Probe.LISTEN, CallOptions.DEFAULT.withDeadlineAfter(BOUND), request);
  }

  static Status.Code code(Throwable failure) {
    return Status.fromThrowable(failure).getCode();
  }

  static List<String> items(int count) {
    return IntStream.range(0, count).mapToObj(i -> "item " + i).toList();
  }

  static List<String> drain(Iterator<String> answers) {
    List<String> all = new ArrayList<>();
    answers.forEachRemaining(all::add);
    return all;
  }

  // --- plain calls ---

  @Test
  void unary_blocking_returnsAnswer() {
    assertThat(ask("a")).isEqualTo("re: a");
  }

  @Test
  void unary_emptyMessages_travel() {
    probe.ask =
        (request, observer) -> {
          observer.onNext(request);
          observer.onCompleted();
        };

    assertThat(ask("")).isEmpty();
  }

  @Test
  void unary_blockingV2_returnsAnswer() throws StatusException {
    assertThat(ClientCalls.blockingV2UnaryCall(channel, Probe.ASK, CallOptions.DEFAULT, "a"))
        .isEqualTo("re: a");
  }

  @Test
  void unary_future_returnsAnswer() throws Exception {
    assertThat(
            ClientCalls.futureUnaryCall(channel.newCall(Probe.ASK, CallOptions.DEFAULT), "a")
                .get(30, TimeUnit.SECONDS))
        .isEqualTo("re: a");
  }

  @Test
  void unary_async_returnsAnswer() throws Exception {
    Collected collected = new Collected();
    ClientCalls.asyncUnaryCall(channel.newCall(Probe.ASK, CallOptions.DEFAULT), "a", collected);

    assertThat(collected.done.get(30, TimeUnit.SECONDS)).containsExactly("re: a");
  }

  @Test
  void unary_answeredFromAnotherThread_returnsAnswer() {
    probe.ask =
        (request, observer) ->
            Thread.startVirtualThread(() -> {
              observer.onNext("later");
              observer.onCompleted();
            });

    assertThat(ask("a")).isEqualTo("later");
  }

  @Test
  void unary_withoutAnswer_fails() {
    probe.ask = (request, observer) -> observer.onCompleted();

    assertThatThrownBy(() -> ask("a"))
        .satisfies(e -> assertThat(code(e)).isIn(Status.Code.INTERNAL, Status.Code.CANCELLED));
  }

  // --- streams ---

  @Test
  void stream_tenThousandItems_arriveInOrder() {
    assertThat(drain(listen("10000"))).isEqualTo(items(10_000));
  }

  @Test
  void stream_async_arrivesInOrder() throws Exception {
    Collected collected = new Collected();
    ClientCalls.asyncServerStreamingCall(
        channel.newCall(Probe.LISTEN, CallOptions.DEFAULT), "1000", collected);

    assertThat(collected.done.get(30, TimeUnit.SECONDS)).isEqualTo(items(1000));
  }

  @Test
  void stream_blockingV2_arrivesInOrder() throws Exception {
    BlockingClientCall<String, String> call =
        ClientCalls.blockingV2ServerStreamingCall(
            channel, Probe.LISTEN, CallOptions.DEFAULT, "100");
    List<String> all = new ArrayList<>();
    for (String item = call.read(); item != null; item = call.read()) {
      all.add(item);
    }

    assertThat(all).isEqualTo(items(100));
  }

  @Test
  void stream_withoutItems_ends() {
    assertThat(drain(listen("0"))).isEmpty();
  }

  @Test
  void stream_handlerThatWaitsForReadiness_sendsAll() {
    probe.listen =
        (request, observer) -> {
          AtomicInteger next = new AtomicInteger();
          observer.setOnReadyHandler(() -> {
            while (observer.isReady() && next.get() < 1000) {
              observer.onNext("item " + next.getAndIncrement());
              if (next.get() == 1000) {
                observer.onCompleted();
              }
            }
          });
        };

    assertThat(drain(listen(""))).isEqualTo(items(1000));
  }

  @Test
  void stream_slowReader_boundsWhatIsSent() {
    AtomicInteger produced = new AtomicInteger();
    String large = "x".repeat(16 * 1024);
    probe.listen =
        (request, observer) -> {
          for (int i = 0; i < 2000; i++) {
            observer.onNext(large);
            produced.incrementAndGet();
          }
          observer.onCompleted();
        };
    Iterator<String> answers = listen("");
    assertThat(answers.next()).isEqualTo(large);

    await().atMost(BOUND).until(() -> produced.get() > 0);
    await()
        .during(Duration.ofMillis(500))
        .atMost(BOUND)
        .until(() -> produced.get() <= mostProduced());

    assertThat(drain(answers)).hasSize(1999);
    assertThat(produced).hasValue(2000);
  }

  /// Returns how many messages of 16 KiB a handler may get rid of while its caller reads one.
  int mostProduced() {
    return 200;
  }

  @Test
  void stream_slowWriter_deliversEachItemWhenItIsSent() {
    List<CountDownLatch> gates = List.of(new CountDownLatch(1), new CountDownLatch(1));
    probe.listen =
        (request, observer) -> {
          observer.onNext("first");
          assertThat(gates.get(0).await(30, TimeUnit.SECONDS)).isTrue();
          observer.onNext("second");
          assertThat(gates.get(1).await(30, TimeUnit.SECONDS)).isTrue();
          observer.onCompleted();
        };
    Iterator<String> answers = listen("");

    assertThat(answers.next()).isEqualTo("first");
    gates.get(0).countDown();
    assertThat(answers.next()).isEqualTo("second");
    gates.get(1).countDown();
    assertThat(answers.hasNext()).isFalse();
  }

  @Test
  void stream_sixtyFourAtOnce_areAllComplete() throws Exception {
    List<CompletableFuture<List<String>>> all = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      CompletableFuture<List<String>> one = new CompletableFuture<>();
      all.add(one);
      Thread.startVirtualThread(() -> {
        try {
          one.complete(drain(listen("300")));
        } catch (RuntimeException e) {
          one.completeExceptionally(e);
        }
      });
    }

    for (CompletableFuture<List<String>> one : all) {
      assertThat(one.get(60, TimeUnit.SECONDS)).isEqualTo(items(300));
    }
  }

  // --- ends ---

  @Test
  void unary_handlerEndsWithStatus_callerGetsItWithDetails() {
    byte[] details = {1, 2, (byte) 0xFF, 0};
    probe.ask =
        (request, observer) -> {
          Metadata trailers = new Metadata();
          trailers.put(DETAILS, details);
          observer.onError(
              Status.FAILED_PRECONDITION
                  .withDescription("100 % „voll“\nzweite Zeile")
                  .asRuntimeException(trailers));
        };

    assertThatThrownBy(() -> ask("a"))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
              assertThat(e.getStatus().getDescription()).isEqualTo("100 % „voll“\nzweite Zeile");
              Metadata trailers = Status.trailersFromThrowable(e);
              assertThat(trailers == null ? null : trailers.get(DETAILS)).isEqualTo(details);
              assertThat(Refusal.isRefused(e)).isFalse();
            });
  }

  @Test
  void stream_errorAfterItems_deliversItemsThenError() {
    probe.listen =
        (request, observer) -> {
          observer.onNext("one");
          observer.onNext("two");
          observer.onError(Status.ABORTED.withDescription("enough").asRuntimeException());
        };
    Iterator<String> answers = listen("");

    assertThat(answers.next()).isEqualTo("one");
    assertThat(answers.next()).isEqualTo("two");
    assertThatThrownBy(answers::next)
        .satisfies(e -> assertThat(code(e)).isEqualTo(Status.Code.ABORTED));
  }

  @Test
  void handlerThrows_unary_isUnknownWithoutText() {
    probe.ask =
        (request, observer) -> {
          throw new IllegalStateException("a secret of the service");
        };

    assertThatThrownBy(() -> ask("a"))
        .hasMessageNotContaining("secret")
        .satisfies(e -> assertThat(code(e)).isEqualTo(Status.Code.UNKNOWN));
  }

  @Test
  void handlerThrows_stream_isUnknownWithoutText() {
    probe.listen =
        (request, observer) -> {
          observer.onNext("one");
          throw new IllegalStateException("a secret of the service");
        };
    Iterator<String> answers = listen("");

    assertThat(answers.next()).isEqualTo("one");
    assertThatThrownBy(answers::next)
        .hasMessageNotContaining("secret")
        .satisfies(e -> assertThat(code(e)).isEqualTo(Status.Code.UNKNOWN));
  }

  @Test
  void undecodableRequest_isAnsweredWithoutText() {
    assertThatThrownBy(() -> ask(Probe.UNDECODABLE))
        .hasMessageNotContaining("secret")
        .satisfies(e ->
            assertThat(code(e))
                .isIn(Status.Code.INVALID_ARGUMENT, Status.Code.INTERNAL, Status.Code.UNKNOWN));
  }

  @Test
  void largeRequest_isRefused() {
    assertThatThrownBy(() -> ask("x".repeat(2 * 1024 * 1024)))
        .satisfies(e -> assertThat(code(e)).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
    assertThat(ask("a")).isEqualTo("re: a");
  }

  @Test
  void largeAnswer_isRefused() {
    probe.ask =
        (request, observer) -> {
          observer.onNext("x".repeat(2 * 1024 * 1024));
          observer.onCompleted();
        };

    assertThatThrownBy(() -> ask("a"))
        .satisfies(e -> assertThat(code(e)).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
  }

  // --- deadlines and cancellation ---

  @Test
  void deadline_passesWhileHandlerRuns_endsBothSides() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    probe.ask = (request, observer) -> whenCancelled(cancelled);

    assertThatThrownBy(() ->
            ClientCalls.blockingUnaryCall(
                channel,
                Probe.ASK,
                CallOptions.DEFAULT.withDeadlineAfter(Duration.ofMillis(100)),
                "a"))
        .satisfies(e -> assertThat(code(e)).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
    assertThat(cancelled.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void deadline_reachesHandler() {
    probe.ask =
        (request, observer) -> {
          observer.onNext("" + Context.current().getDeadline().timeRemaining(TimeUnit.SECONDS));
          observer.onCompleted();
        };

    String remaining =
        ClientCalls.blockingUnaryCall(
            channel, Probe.ASK, CallOptions.DEFAULT.withDeadlineAfter(Duration.ofHours(2)), "a");

    assertThat(Integer.parseInt(remaining)).isBetween(7100, 7200);
  }

  @Test
  void deadline_hadPassed_endsAtOnce() {
    assertThatThrownBy(() ->
            ClientCalls.blockingUnaryCall(
                channel,
                Probe.ASK,
                CallOptions.DEFAULT.withDeadlineAfter(-1, TimeUnit.SECONDS),
                "a"))
        .satisfies(e -> assertThat(code(e)).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
  }

  @Test
  void deadline_ofCallersContext_holdsForNestedCall() throws Exception {
    probe.ask = (request, observer) -> whenCancelled(new CountDownLatch(1));
    try (Context.CancellableContext context =
        Context.current().withDeadlineAfter(100, TimeUnit.MILLISECONDS, Timers.SCHEDULER)) {
      Status.Code ended =
          context.call(() -> {
            try {
              return Status.Code.valueOf(ask("a"));
            } catch (StatusRuntimeException e) {
              return e.getStatus().getCode();
            }
          });

      assertThat(ended).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    }
  }

  @Test
  void cancel_unary_reachesHandler() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    probe.ask =
        (request, observer) -> {
          running.countDown();
          whenCancelled(cancelled);
        };
    var future = ClientCalls.futureUnaryCall(channel.newCall(Probe.ASK, CallOptions.DEFAULT), "a");
    assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();

    future.cancel(true);

    assertThat(cancelled.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void cancel_stream_reachesHandlerAndUnparksIt() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    CompletableFuture<Status.Code> sender = new CompletableFuture<>();
    probe.listen =
        (request, observer) -> {
          Context.current().addListener(c -> cancelled.countDown(), Runnable::run);
          try {
            while (true) {
              observer.onNext("x".repeat(1024));
            }
          } catch (StatusRuntimeException e) {
            sender.complete(e.getStatus().getCode());
          }
        };
    try (Context.CancellableContext context = Context.current().withCancellation()) {
      Iterator<String> answers = context.call(() -> listen(""));
      assertThat(answers.next()).hasSize(1024);

      context.cancel(null);

      assertThat(cancelled.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(sender.get(30, TimeUnit.SECONDS)).isEqualTo(Status.Code.CANCELLED);
      assertThatThrownBy(() -> drain(answers))
          .satisfies(e -> assertThat(code(e)).isEqualTo(Status.Code.CANCELLED));
    }
  }

  @Test
  void cancel_callsTheHandlersCancelCallbackOnce() {
    AtomicInteger cancels = new AtomicInteger();
    CountDownLatch running = new CountDownLatch(1);
    probe.listen =
        (request, observer) -> {
          observer.setOnCancelHandler(cancels::incrementAndGet);
          running.countDown();
        };
    try (Context.CancellableContext context = Context.current().withCancellation()) {
      context.run(() ->
          ClientCalls.asyncServerStreamingCall(
              channel.newCall(Probe.LISTEN, CallOptions.DEFAULT), "", new Collected()));
      await().atMost(BOUND).until(() -> running.getCount() == 0);
      context.cancel(null);
    }

    await().atMost(BOUND).until(() -> cancels.get() == 1);
    await().during(Duration.ofMillis(100)).atMost(BOUND).until(() -> cancels.get() == 1);
  }

  /// Answers nothing; counts down when the call is cancelled.
  private static void whenCancelled(CountDownLatch cancelled) {
    Context.current().addListener(c -> cancelled.countDown(), Runnable::run);
  }

  // --- metadata ---

  @Test
  void metadata_unary_travelsBothWays() {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    Metadata request = new Metadata();
    request.put(NAME, "first value");
    request.put(NAME, "second; value=1");
    request.put(BINARY, new byte[] {0, 13, 10, -1});
    Channel decorated =
        ClientInterceptors.intercept(
            channel,
            MetadataUtils.newAttachHeadersInterceptor(request),
            MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));

    assertThat(ClientCalls.blockingUnaryCall(decorated, Probe.ASK, CallOptions.DEFAULT, "a"))
        .isEqualTo("re: a");

    assertThat(received.get().getAll(NAME)).containsExactly("first value", "second; value=1");
    assertThat(received.get().get(BINARY)).isEqualTo(new byte[] {0, 13, 10, -1});
    assertThat(headers.get().getAll(NAME)).containsExactly("first value", "second; value=1");
    assertThat(trailers.get().get(BINARY)).isEqualTo(new byte[] {0, 13, 10, -1});
  }

  @Test
  void metadata_stream_travelsBothWays() {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    Metadata request = new Metadata();
    request.put(NAME, "streamed");
    request.put(BINARY, new byte[] {7});
    Channel decorated =
        ClientInterceptors.intercept(
            channel,
            MetadataUtils.newAttachHeadersInterceptor(request),
            MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));

    assertThat(
            drain(
                ClientCalls.blockingServerStreamingCall(
                    decorated, Probe.LISTEN, CallOptions.DEFAULT, "50")))
        .isEqualTo(items(50));

    assertThat(headers.get().get(NAME)).isEqualTo("streamed");
    assertThat(trailers.get().get(BINARY)).isEqualTo(new byte[] {7});
  }

  @Test
  void metadata_none_givesEmptyHeadersAndTrailers() {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    Channel decorated =
        ClientInterceptors.intercept(
            channel, MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));

    ClientCalls.blockingUnaryCall(decorated, Probe.ASK, CallOptions.DEFAULT, "a");

    assertThat(headers.get().containsKey(NAME)).isFalse();
    assertThat(trailers.get().containsKey(BINARY)).isFalse();
  }

  // --- helpers ---

  /// Collects what an asynchronous stub delivers.
  static final class Collected implements StreamObserver<String> {
    final CompletableFuture<List<String>> done = new CompletableFuture<>();
    private final List<String> items = new ArrayList<>();

    @Override
    public void onNext(String item) {
      items.add(item);
    }

    @Override
    public void onError(Throwable failure) {
      done.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      done.complete(items);
    }
  }
}
