package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.util.Durations;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vesper.npc.v1.AddMemoryRequest;
import vesper.npc.v1.ConverseEvent;
import vesper.npc.v1.ConverseRequest;
import vesper.npc.v1.MemoryKind;
import vesper.npc.v1.NpcsGrpc;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;
import vesper.time.v1.ConvertTimeRequest;
import vesper.time.v1.GameTime;
import vesper.time.v1.GetCalendarRequest;
import vesper.time.v1.GetTimeRequest;
import vesper.time.v1.PauseClockRequest;
import vesper.time.v1.Rate;
import vesper.time.v1.SetClockRateRequest;
import vesper.time.v1.StreamTimeRequest;
import vesper.time.v1.TimeGrpc;
import vesper.transport.Routing;

/// Every refusal of the chain, in-process and over NATS.
class ServerChainTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final GetTimeRequest TIME =
      GetTimeRequest.newBuilder().setWorldId("harbor").build();
  private static final SetClockRateRequest RATE =
      SetClockRateRequest.newBuilder()
          .setWorldId("harbor")
          .setRate(Rate.newBuilder().setNumerator(2).setDenominator(1))
          .build();
  private static final PauseClockRequest PAUSE =
      PauseClockRequest.newBuilder().setWorldId("harbor").setReason("test").build();

  private static final InstallationKeys KEYS = InstallationKeys.ephemeral();
  private static final ClockModule CLOCK = new ClockModule();
  private static final Map<Routing, Host> HOSTS = new EnumMap<>(Routing.class);
  private static final TestDatabase DATABASE = TestDatabase.create();

  // A server for each host: on one they would share the calls.
  private static final Map<Routing, TestNats.Owned> SERVERS = new EnumMap<>(Routing.class);

  @BeforeAll
  static void start() {
    for (Routing routing : List.of(Routing.LOCAL, Routing.NATS)) {
      TestNats.Owned nats = TestNats.startOwn();
      SERVERS.put(routing, nats);
      Host host =
          Host.builder()
              .nats(nats.url())
              .database(DATABASE.jdbcUrl(), DATABASE.user(), DATABASE.password())
              .keys(KEYS)
              .routing(routing)
              .config(Config.of(Map.of("vesper.runtime.rpc.max-in-flight", "2")))
              .modules(List.of(CLOCK, new TalkModule()))
              .build();
      host.start();
      assertThat(host.awaitReady(LONG)).isTrue();
      HOSTS.put(routing, host);
    }
  }

  @AfterAll
  static void stop() {
    HOSTS.values().forEach(Host::close);
    SERVERS.values().forEach(TestNats.Owned::close);
    DATABASE.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"LOCAL", "NATS"})
  void call_withoutToken_isUnauthenticated(Routing routing) {
    StatusRuntimeException refused = refusal(() -> time(routing).getTime(TIME));

    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(detail(refused, ErrorInfo.class).getReason()).isEqualTo("NO_TOKEN");
  }

  @ParameterizedTest
  @EnumSource(names = {"LOCAL", "NATS"})
  void call_withBadToken_isUnauthenticatedWithoutDetail(Routing routing) {
    for (String authorization : List.of("Bearer x.y.z", "Basic abc", "Bearer")) {
      StatusRuntimeException refused =
          refusal(
              () -> time(routing, TestCalls.with("authorization", authorization)).getTime(TIME));

      assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(detail(refused, ErrorInfo.class).getReason()).isEqualTo("INVALID");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LOCAL", "NATS"})
  void call_byCallerThatIsNotListed_isDenied(Routing routing) {
    StatusRuntimeException refused =
        refusal(() -> time(routing, as(TestCalls.PLAYER)).setClockRate(RATE));

    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
  }

  @ParameterizedTest
  @EnumSource(names = {"LOCAL", "NATS"})
  void call_forAnotherPlayer_isDenied(Routing routing) {
    NpcsGrpc.NpcsBlockingStub npcs =
        NpcsGrpc.newBlockingStub(host(routing).channel()).withInterceptors(as(TestCalls.PLAYER));
    ConverseRequest own =
        ConverseRequest.newBuilder()
            .setWorldId("harbor")
            .setNpcId("marlow")
            .setUtterance("hello")
            .build();

    StatusRuntimeException refused =
        refusal(() -> npcs.converse(own.toBuilder().setPlayerId("player-2").build()).next());

    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(refused.getStatus().getDescription()).isEqualTo("playerId is not the caller");
    assertThat(npcs.converse(own).next()).isEqualTo(ConverseEvent.getDefaultInstance());
    assertThat(npcs.converse(own.toBuilder().setPlayerId("player-1").build()).hasNext()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = {"LOCAL", "NATS"})
  void call_intoAWorldThatTheTokenDoesNotList_isDenied(Routing routing) {
    Principal limited = new Principal("p", Principal.Kind.PLAYER, Set.of(), Set.of("night"), "");

    StatusRuntimeException refused = refusal(() -> time(routing, as(limited)).getTime(TIME));

    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(refused.getStatus().getDescription()).startsWith("worldId");
  }

  @ParameterizedTest
  @EnumSource(names = {"LOCAL", "NATS"})
  void call_withBadFields_namesThemInJson(Routing routing) {
    StatusRuntimeException refused =
        refusal(() ->
            time(routing, as(TestCalls.OPERATOR))
                .setClockRate(
                    SetClockRateRequest.newBuilder()
                        .setWorldId("Not A World")
                        .setRate(Rate.newBuilder().setNumerator(-1).setDenominator(1))
                        .build()));

    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(detail(refused, BadRequest.class).getFieldViolationsList())
        .extracting(BadRequest.FieldViolation::getField)
        .contains("worldId", "rate.numerator");
  }

  @ParameterizedTest
  @EnumSource(names = {"LOCAL", "NATS"})
  void call_withoutOneof_namesTheOneof(Routing routing) {
    StatusRuntimeException refused =
        refusal(() ->
            time(routing, as(TestCalls.PLAYER))
                .convertTime(ConvertTimeRequest.newBuilder().setWorldId("harbor").build()));

    assertThat(detail(refused, BadRequest.class).getFieldViolationsList())
        .extracting(BadRequest.FieldViolation::getField)
        .containsExactly("from");
  }

  /// A caller that may not call learns nothing of the rules; a request that is not valid takes no
  /// place from others.
  @ParameterizedTest
  @EnumSource(names = {"LOCAL", "NATS"})
  void call_withSeveralFaults_isRefusedByTheFirstGate(Routing routing) {
    SetClockRateRequest bad = SetClockRateRequest.getDefaultInstance();
    assertThat(code(() -> time(routing).setClockRate(bad))).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(code(() -> time(routing, as(TestCalls.PLAYER)).setClockRate(bad)))
        .isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(code(() -> time(routing, as(TestCalls.OPERATOR)).setClockRate(bad)))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @ParameterizedTest
  @EnumSource(names = {"LOCAL", "NATS"})
  void call_beyondTheBound_isShedWithARetryDelay(Routing routing) throws Exception {
    CLOCK.gate = new CountDownLatch(1);
    int before = CLOCK.paused.get();
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      running.add(
          Thread.startVirtualThread(() -> time(routing, as(TestCalls.OPERATOR)).pauseClock(PAUSE)));
    }
    Awaitility.await().atMost(LONG).until(() -> CLOCK.paused.get() == before + 2);

    StatusRuntimeException shed =
        refusal(() -> time(routing, as(TestCalls.OPERATOR)).pauseClock(PAUSE));

    assertThat(shed.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(Durations.toMillis(detail(shed, RetryInfo.class).getRetryDelay()))
        .isBetween(50L, 5_000L);
    CLOCK.gate.countDown();
    for (Thread thread : running) {
      thread.join();
    }
    Awaitility.await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(time(routing, as(TestCalls.OPERATOR)).pauseClock(PAUSE))
                .isEqualTo(GameTime.getDefaultInstance()));
  }

  @ParameterizedTest
  @EnumSource(names = {"LOCAL", "NATS"})
  void call_cancelledWhileRunning_givesItsPlaceBack(Routing routing) {
    CLOCK.gate = new CountDownLatch(1);
    int before = CLOCK.paused.get();
    for (int i = 0; i < 2; i++) {
      Context.CancellableContext caller = Context.current().withCancellation();
      int expected = before + i + 1;
      Runnable call = () -> code(() -> time(routing, as(TestCalls.OPERATOR)).pauseClock(PAUSE));
      Thread.startVirtualThread(caller.wrap(call));
      Awaitility.await().atMost(LONG).until(() -> CLOCK.paused.get() == expected);
      caller.cancel(null);
    }
    CLOCK.gate.countDown();

    Awaitility.await()
        .atMost(LONG)
        .ignoreExceptions()
        .until(() -> time(routing, as(TestCalls.OPERATOR)).pauseClock(PAUSE) != null);
    Awaitility.await()
        .atMost(LONG)
        .until(() ->
            host(routing)
                    .meters()
                    .get("vesper.rpc.server.inflight")
                    .tag("method", "vesper.time.v1.Time/PauseClock")
                    .gauge()
                    .value()
                == 0);
  }

  @ParameterizedTest
  @EnumSource(names = {"LOCAL", "NATS"})
  void call_whoseHandlerThrows_tellsNothingButTheRequestId(Routing routing) {
    CLOCK.failure = () -> new IllegalStateException("jdbc:postgresql://secret");

    StatusRuntimeException failed =
        refusal(() ->
            time(routing, as(TestCalls.OPERATOR), TestCalls.with("x-request-id", "request-42"))
                .setClockRate(RATE));

    assertThat(failed.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(failed.getStatus().getDescription())
        .isEqualTo("internal error; request id request-42");
    assertThat(failed.toString()).doesNotContain("secret");
  }

  @ParameterizedTest
  @EnumSource(names = {"LOCAL", "NATS"})
  void call_whoseHandlerRefuses_passesStatusAndDetails(Routing routing) {
    CLOCK.failure = () -> Refusal.stale(7);

    StatusRuntimeException refused =
        refusal(() -> time(routing, as(TestCalls.OPERATOR)).setClockRate(RATE));

    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.ABORTED);
    assertThat(detail(refused, ErrorInfo.class).getMetadataMap())
        .containsEntry("current_version", "7");
  }

  /// The mark of a call that was never accepted must not travel on with the status of another call.
  @ParameterizedTest
  @EnumSource(names = {"LOCAL", "NATS"})
  void call_whoseHandlerPassesOnARefusedCall_countsAsAccepted(Routing routing) {
    Metadata trailers = new Metadata();
    trailers.put(vesper.transport.Refusal.KEY, "no-responders");
    CLOCK.failure = () -> Status.UNAVAILABLE.asRuntimeException(trailers);

    StatusRuntimeException refused =
        refusal(() -> time(routing, as(TestCalls.OPERATOR)).setClockRate(RATE));

    assertThat(vesper.transport.Refusal.isRefused(refused)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"LOCAL", "NATS"})
  void call_fromAService_carriesAuthorityRequestIdAndItsOwnToken(Routing routing) {
    List<String> seen =
        time(routing, as(TestCalls.PLAYER), TestCalls.with("x-request-id", "request-43"))
            .convertTime(
                ConvertTimeRequest.newBuilder().setWorldId("harbor").setGameSeconds(1).build())
            .getTime()
            .getClock()
            .getPauseReasonsList();

    assertThat(seen).containsExactly("request-43", "player-1", "time-manager");
  }

  @ParameterizedTest
  @EnumSource(names = {"LOCAL", "NATS"})
  void call_withAForgedCaller_isUnauthenticated(Routing routing) {
    String own = KEYS.token(TestCalls.PLAYER, Duration.ofMinutes(1));

    assertThat(
            code(() ->
                time(routing, as(TestCalls.PLAYER), TestCalls.with("vesper-caller", own))
                    .getTime(TIME)))
        .isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  @ParameterizedTest
  @EnumSource(names = {"LOCAL", "NATS"})
  void call_withABadRequestId_getsANewOne(Routing routing) {
    List<String> seen =
        time(routing, as(TestCalls.PLAYER), TestCalls.with("x-request-id", "a b"))
            .getTime(TIME)
            .getClock()
            .getPauseReasonsList();

    assertThat(seen.getFirst()).matches("[0-9a-f]{32}");
  }

  @ParameterizedTest
  @EnumSource(names = {"LOCAL", "NATS"})
  void call_markedAsReplayed_saysSo(Routing routing) {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    time(
            routing,
            as(TestCalls.PLAYER),
            MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()))
        .getCalendar(GetCalendarRequest.newBuilder().setWorldId("replayed").build());

    assertThat(headers.get().get(CallMetadata.REPLAYED)).isEqualTo("true");
  }

  @ParameterizedTest
  @EnumSource(names = {"LOCAL", "NATS"})
  void call_withIdempotencyKey_checksItsForm(Routing routing) {
    AddMemoryRequest memory =
        AddMemoryRequest.newBuilder()
            .setWorldId("harbor")
            .setNpcId("marlow")
            .setKind(MemoryKind.MEMORY_KIND_PLAN)
            .setText("x")
            .setImportance(1)
            .build();
    NpcsGrpc.NpcsBlockingStub npcs =
        NpcsGrpc.newBlockingStub(host(routing).channel()).withInterceptors(as(TestCalls.OPERATOR));

    StatusRuntimeException refused =
        refusal(() ->
            npcs.withInterceptors(TestCalls.with("idempotency-key", "short")).addMemory(memory));

    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(detail(refused, BadRequest.class).getFieldViolations(0).getField())
        .isEqualTo("idempotency-key");
    assertThat(
            npcs.withInterceptors(TestCalls.with("idempotency-key", "0123456789abcdef"))
                .addMemory(memory)
                .getText())
        .isEqualTo("0123456789abcdef");
    assertThat(npcs.addMemory(memory).getText()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"LOCAL", "NATS"})
  void call_withTheLargestNumbers_isInvalid(Routing routing) {
    SetClockRateRequest request =
        SetClockRateRequest.newBuilder()
            .setWorldId("harbor")
            .setRate(Rate.newBuilder().setNumerator(Long.MAX_VALUE).setDenominator(Long.MIN_VALUE))
            .build();

    assertThat(code(() -> time(routing, as(TestCalls.OPERATOR)).setClockRate(request)))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @ParameterizedTest
  @EnumSource(names = {"LOCAL", "NATS"})
  void call_whoseKeyTheHandlerIgnores_isInternal(Routing routing) {
    NpcsGrpc.NpcsBlockingStub npcs =
        NpcsGrpc.newBlockingStub(host(routing).channel())
            .withInterceptors(
                as(TestCalls.PLAYER), TestCalls.with("idempotency-key", "0123456789abcdef"));
    ConverseRequest words =
        ConverseRequest.newBuilder()
            .setWorldId("harbor")
            .setNpcId("marlow")
            .setUtterance("Good evening.")
            .build();

    assertThat(code(() -> npcs.converse(words).forEachRemaining(_ -> {})))
        .isEqualTo(Status.Code.INTERNAL);
  }

  @ParameterizedTest
  @EnumSource(names = {"LOCAL", "NATS"})
  void call_ofAStream_getsAllItems(Routing routing) {
    List<Object> items = new ArrayList<>();
    time(routing, as(TestCalls.PLAYER))
        .streamTime(StreamTimeRequest.newBuilder().setWorldId("harbor").build())
        .forEachRemaining(items::add);

    assertThat(items).hasSize(5);
  }

  @ParameterizedTest
  @EnumSource(names = {"LOCAL", "NATS"})
  void call_withoutDeadline_getsThatOfTheRpcOrWhatIsLeft(Routing routing) {
    assertThat(remaining(routing, Context.ROOT)).isLessThanOrEqualTo(500).isPositive();

    Context.CancellableContext running =
        Context.ROOT.withDeadline(
            Deadline.after(200, TimeUnit.MILLISECONDS),
            java.util.concurrent.Executors.newSingleThreadScheduledExecutor());
    assertThat(remaining(routing, running)).isLessThanOrEqualTo(195).isPositive();
    running.cancel(null);
  }

  private static long remaining(Routing routing, Context context) {
    AtomicReference<Deadline> seen = new AtomicReference<>();
    ClientInterceptor last =
        new ClientInterceptor() {
          @Override
          public <Q, A> ClientCall<Q, A> interceptCall(
              io.grpc.MethodDescriptor<Q, A> method, CallOptions options, io.grpc.Channel next) {
            seen.set(Objects.requireNonNull(options.getDeadline()));
            return next.newCall(method, options);
          }
        };
    ClientChain chain = new ClientChain("test", null, new Tracing(), host(routing).meters());
    io.grpc.Channel channel =
        io.grpc.ClientInterceptors.intercept(
            io.grpc.ClientInterceptors.intercept(host(routing).channel(), last), chain);
    context.run(() ->
        TimeGrpc.newBlockingStub(channel).withInterceptors(as(TestCalls.PLAYER)).getTime(TIME));
    return seen.get().timeRemaining(TimeUnit.MILLISECONDS);
  }

  private static Host host(Routing routing) {
    Host host = HOSTS.get(routing);
    if (host == null) {
      throw new AssertionError(routing);
    }
    return host;
  }

  private static TimeGrpc.TimeBlockingStub time(
      Routing routing, ClientInterceptor... interceptors) {
    return TimeGrpc.newBlockingStub(host(routing).channel()).withInterceptors(interceptors);
  }

  private static ClientInterceptor as(Principal principal) {
    return TestCalls.as(KEYS, principal);
  }

  private static Status.Code code(Runnable call) {
    return refusal(call).getStatus().getCode();
  }

  private static StatusRuntimeException refusal(Runnable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call::run);
  }

  private static <M extends com.google.protobuf.Message> M detail(
      StatusRuntimeException refused, Class<M> type) {
    com.google.rpc.Status status = Objects.requireNonNull(StatusProto.fromThrowable(refused));
    try {
      for (Any any : status.getDetailsList()) {
        if (any.is(type)) {
          return any.unpack(type);
        }
      }
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("no " + type.getSimpleName() + " in " + status);
  }
}
