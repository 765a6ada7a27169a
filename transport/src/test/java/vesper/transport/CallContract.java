package vesper.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What a call does, whatever carries it. The same tests run in-process, over NATS and over HTTP/2.
abstract class CallContract extends MetadataContract {
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

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
        .satisfies(e -> assertThat(code(e)).isEqualTo(undecodable()));
  }

  /// How a call ends whose request cannot be decoded.
  Status.Code undecodable() {
    return Status.Code.INVALID_ARGUMENT;
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
                CallOptions.DEFAULT.withDeadlineAfter(Duration.ofSeconds(1)),
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
}
