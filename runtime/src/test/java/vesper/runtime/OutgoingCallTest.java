package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vesper.npc.v1.AddMemoryRequest;
import vesper.npc.v1.NpcsGrpc;
import vesper.time.v1.GameTime;
import vesper.time.v1.GetTimeRequest;
import vesper.time.v1.TimeGrpc;
import vesper.transport.ConnectionLostException;
import vesper.transport.NatsChannel;
import vesper.transport.Refusal;

class OutgoingCallTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Scripted scripted = new Scripted();
  private final ClientChain chain =
      new ClientChain("npc-behavior", () -> "token", new Tracing(), meters);
  private final Channel channel = ClientInterceptors.intercept(scripted, chain);

  @Test
  void call_neverAccepted_isSentAgain() {
    scripted.outcomes.addAll(List.of(refused(), refused()));

    assertThat(time()).isEqualTo(GameTime.getDefaultInstance());
    assertThat(scripted.requests).hasSize(3).containsOnly("request harbor");
    assertThat(meters.get("vesper.rpc.client.retries").counter().count()).isEqualTo(2);
    assertThat(meters.get("vesper.rpc.client.no.responders").counter().count()).isEqualTo(2);
  }

  @Test
  void call_neverAcceptedThreeTimes_fails() {
    scripted.outcomes.addAll(List.of(refused(), refused(), refused(), refused()));

    StatusRuntimeException failed = catchThrowableOfType(StatusRuntimeException.class, this::time);

    assertThat(failed.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(scripted.requests).hasSize(3);
  }

  @Test
  void call_repeatable_isSentAgainAfterUnavailable() {
    scripted.outcomes.add(new Outcome(Status.UNAVAILABLE, new Metadata()));

    assertThat(time()).isEqualTo(GameTime.getDefaultInstance());
    assertThat(scripted.requests).hasSize(2);
  }

  @Test
  void call_repeatable_isNotSentAgainAfterARefusalOfTheService() {
    scripted.outcomes.add(new Outcome(Status.RESOURCE_EXHAUSTED, new Metadata()));

    assertThat(catchThrowableOfType(StatusRuntimeException.class, this::time)).isNotNull();
    assertThat(scripted.requests).hasSize(1);
  }

  @Test
  void call_withEffect_isSentAgainOnlyWithAnIdempotencyKey() {
    scripted.outcomes.add(new Outcome(Status.UNAVAILABLE, new Metadata()));
    NpcsGrpc.NpcsBlockingStub npcs = NpcsGrpc.newBlockingStub(channel);
    AddMemoryRequest memory = AddMemoryRequest.getDefaultInstance();

    assertThat(catchThrowableOfType(StatusRuntimeException.class, () -> npcs.addMemory(memory)))
        .isNotNull();
    assertThat(scripted.requests).hasSize(1);

    scripted.outcomes.add(new Outcome(Status.UNAVAILABLE, new Metadata()));
    npcs.withInterceptors(TestCalls.with("idempotency-key", "0123456789abcdef")).addMemory(memory);
    assertThat(scripted.requests).hasSize(3);
  }

  @Test
  void call_pastItsDeadline_isNotSentAgain() {
    scripted.outcomes.add(refused());

    StatusRuntimeException failed =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                TimeGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(0, TimeUnit.NANOSECONDS)
                    .getTime(GetTimeRequest.getDefaultInstance()));

    assertThat(failed.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(scripted.requests).hasSize(1);
  }

  @Test
  void call_whenTheBudgetIsSpent_isNotSentAgain() {
    int retries = 0;
    while (chain.budget().take()) {
      retries++;
    }
    scripted.outcomes.add(refused());

    assertThat(catchThrowableOfType(StatusRuntimeException.class, this::time)).isNotNull();
    assertThat(scripted.requests).hasSize(1);
    assertThat(retries).isEqualTo(500);

    for (int i = 0; i < 10; i++) {
      assertThat(time()).isNotNull();
    }
    scripted.outcomes.add(refused());
    assertThat(time()).isEqualTo(GameTime.getDefaultInstance());
  }

  @Test
  void call_whoseCalleeNamesARetry_isNotSentAgain() {
    StatusRuntimeException away =
        vesper.runtime.Refusal.unavailable(Duration.ofSeconds(1), "the database is away");
    scripted.outcomes.add(
        new Outcome(away.getStatus(), Objects.requireNonNull(away.getTrailers())));

    assertThat(catchThrowableOfType(StatusRuntimeException.class, this::time)).isNotNull();
    assertThat(scripted.requests).hasSize(1);
  }

  @Test
  void call_comingToNothingAgainAndAgain_isNotSentForAWhile() {
    for (int i = 0; i < 20; i++) {
      scripted.outcomes.add(new Outcome(Status.UNAVAILABLE, new Metadata()));
    }
    StatusRuntimeException failed = null;
    for (int i = 0; i < 7; i++) {
      failed = catchThrowableOfType(StatusRuntimeException.class, this::time);
    }
    assertThat(scripted.requests).hasSize(20);
    assertThat(Objects.requireNonNull(failed).getTrailers()).isNotNull();

    StatusRuntimeException refused = catchThrowableOfType(StatusRuntimeException.class, this::time);

    assertThat(scripted.requests).hasSize(20);
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(String.valueOf(StatusProto.fromThrowable(refused)))
        .contains("BREAKER_OPEN", "google.rpc.RetryInfo");
    assertThat(meters.get("vesper.breaker.state").tag("caller", "npc-behavior").gauge().value())
        .isPositive();
    Awaitility.await().ignoreExceptions().until(() -> time() != null);
    assertThat(meters.get("vesper.breaker.state").gauge().value()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"UNAVAILABLE, true", "CANCELLED, false", "DEADLINE_EXCEEDED, false"})
  void call_neverAcceptedOrInAHurry_opensNothing(Status.Code code, boolean neverAccepted) {
    for (int i = 0; i < 120; i++) {
      scripted.outcomes.add(
          neverAccepted ? refused() : new Outcome(code.toStatus(), new Metadata()));
    }
    for (int i = 0; i < 40; i++) {
      assertThat(catchThrowableOfType(StatusRuntimeException.class, this::time)).isNotNull();
    }

    assertThat(meters.get("vesper.breaker.state").gauge().value()).isZero();
  }

  @Test
  void call_endedByTheLossOfItsConnection_opensNothing() {
    for (int i = 0; i < 120; i++) {
      scripted.outcomes.add(
          new Outcome(Status.UNAVAILABLE.withCause(new ConnectionLostException()), new Metadata()));
    }
    for (int i = 0; i < 40; i++) {
      assertThat(catchThrowableOfType(StatusRuntimeException.class, this::time)).isNotNull();
    }

    assertThat(meters.get("vesper.breaker.state").gauge().value()).isZero();
  }

  @Test
  void call_thatMayBeRepeated_isWatched() {
    NpcsGrpc.NpcsBlockingStub npcs = NpcsGrpc.newBlockingStub(channel);
    time();
    npcs.addMemory(AddMemoryRequest.getDefaultInstance());
    npcs.withInterceptors(TestCalls.with("idempotency-key", "0123456789abcdef"))
        .addMemory(AddMemoryRequest.getDefaultInstance());

    assertThat(scripted.watched).containsExactly(true, false, true);
  }

  @Test
  void call_byAService_carriesItsTokenAndATrace() {
    time();

    Metadata sent = scripted.headers.getFirst();
    assertThat(sent.get(CallMetadata.CALLER)).isEqualTo("token");
    assertThat(sent.get(CallMetadata.TRACEPARENT)).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
    assertThat(sent.get(CallMetadata.AUTHORIZATION)).isNull();
    assertThat(sent.get(CallMetadata.IDEMPOTENCY_KEY)).isNull();
  }

  private GameTime time() {
    return TimeGrpc.newBlockingStub(channel)
        .getTime(GetTimeRequest.newBuilder().setWorldId("harbor").build());
  }

  private static Outcome refused() {
    Metadata trailers = new Metadata();
    trailers.put(Refusal.KEY, "no-responders");
    return new Outcome(Status.UNAVAILABLE, trailers);
  }

  private record Outcome(Status status, Metadata trailers) {}

  /// Ends calls as told, then each with one empty answer.
  private static final class Scripted extends Channel {
    final List<Outcome> outcomes = new ArrayList<>();
    final List<String> requests = new ArrayList<>();
    final List<Metadata> headers = new ArrayList<>();
    final List<Boolean> watched = new ArrayList<>();

    @Override
    public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
      return new ClientCall<>() {
        private Listener<A> caller = new Listener<>() {};

        @Override
        public void start(Listener<A> listener, Metadata sent) {
          caller = listener;
          headers.add(sent);
          watched.add(options.getOption(NatsChannel.WATCHED));
        }

        @Override
        public void request(int messages) {}

        @Override
        public void cancel(
            @org.jspecify.annotations.Nullable String message,
            @org.jspecify.annotations.Nullable Throwable cause) {}

        @Override
        public void sendMessage(Q message) {
          requests.add(
              "request " + (message instanceof GetTimeRequest time ? time.getWorldId() : ""));
        }

        @Override
        public void halfClose() {
          Objects.requireNonNull(options.getExecutor()).execute(this::answer);
        }

        private void answer() {
          if (!outcomes.isEmpty()) {
            Outcome outcome = outcomes.removeFirst();
            caller.onClose(outcome.status(), outcome.trailers());
            return;
          }
          caller.onHeaders(new Metadata());
          caller.onMessage(method.parseResponse(new java.io.ByteArrayInputStream(new byte[0])));
          caller.onClose(Status.OK, new Metadata());
        }
      };
    }

    @Override
    public String authority() {
      return "scripted";
    }
  }
}
