package vesper.airouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.airouter.v1.AiRouterGrpc;
import vesper.airouter.v1.AiRouterGrpc.AiRouterBlockingStub;
import vesper.airouter.v1.Endpoint;
import vesper.airouter.v1.EndpointState;
import vesper.airouter.v1.GetEndpointRequest;
import vesper.airouter.v1.ListEndpointsRequest;
import vesper.airouter.v1.Outcome;
import vesper.airouter.v1.OutcomeResult;
import vesper.airouter.v1.PlanRouteRequest;
import vesper.airouter.v1.ReportOutcomesRequest;
import vesper.airouter.v1.RoutePlan;
import vesper.runtime.Config;
import vesper.runtime.ConfigException;
import vesper.runtime.Host;
import vesper.runtime.InstallationKeys;
import vesper.runtime.Principal;
import vesper.testing.NatsExtension;
import vesper.testing.PostgresExtension;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;
import vesper.testing.vllm.FakeVllm;
import vesper.transport.Routing;

/// The service in a process of its own, over NATS.
@ExtendWith({NatsExtension.class, PostgresExtension.class})
class AiRouterModuleTest {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final InstallationKeys KEYS = InstallationKeys.ephemeral();
  private static final Duration TOKEN_LASTS = Duration.ofMinutes(10);
  private static final Principal PLAYER =
      new Principal("p", Principal.Kind.PLAYER, Set.of(), Set.of(), "s");
  private static final PlanRouteRequest PLAN =
      PlanRouteRequest.newBuilder()
          .setWorldId("body-broker")
          .setUseCase("dialogue")
          .setNpcId("mara-vey")
          .setConversationId("c1")
          .build();

  private final TestNats nats;
  private final TestDatabase database;
  private @Nullable Host host;

  AiRouterModuleTest(TestNats nats, TestDatabase database) {
    this.nats = nats;
    this.database = database;
  }

  @AfterEach
  void close() {
    if (host != null) {
      host.close();
    }
  }

  @Test
  void withoutEndpoints_theServiceIsReadyAndSaysSo() {
    AiRouterBlockingStub router = start();
    RoutePlan plan = router.planRoute(PLAN);
    assertThat(plan.getCandidatesList()).isEmpty();
    assertThat(plan.getReasonsList()).endsWith("There is no endpoint.");
    assertThat(router.listEndpoints(ListEndpointsRequest.getDefaultInstance()).getEndpointsList())
        .isEmpty();
  }

  @Test
  void serverKilledAndStartedAgain_isDownOnceAndUpAgain() {
    FakeVllm server = FakeVllm.builder().model("m7").start();
    AiRouterBlockingStub router =
        start("llm.url", server.url().toString(), "breaker.pause", "500ms");
    States states = new States(router);
    await().atMost(BOUND).until(() -> states.last() == EndpointState.ENDPOINT_STATE_UP);
    assertThat(router.planRoute(PLAN).getCandidates(0).getEndpoint().getModel()).isEqualTo("m7");
    server.close();
    await()
        .atMost(BOUND)
        .until(() -> {
          router.planRoute(PLAN);
          return states.last() == EndpointState.ENDPOINT_STATE_DOWN;
        });
    assertThat(router.planRoute(PLAN).getCandidatesList()).isEmpty();
    assertThat(router.planRoute(PLAN).getReasonsList())
        .contains("Endpoint llm is down: Three probes in a row failed: no connection.");
    try (FakeVllm again = FakeVllm.builder().port(server.port()).model("m7").start()) {
      await().atMost(BOUND).until(() -> states.last() == EndpointState.ENDPOINT_STATE_UP);
      assertThat(router.planRoute(PLAN).getCandidatesCount()).isEqualTo(1);
      assertThat(again.requests()).isEmpty();
    }
    assertThat(states.seen)
        .containsExactly(
            EndpointState.ENDPOINT_STATE_UP,
            EndpointState.ENDPOINT_STATE_DOWN,
            EndpointState.ENDPOINT_STATE_UP);
  }

  @Test
  void failingCalls_bringTheServerDownAndTrialsBack() {
    try (FakeVllm server = FakeVllm.builder().start()) {
      AiRouterBlockingStub router =
          start("llm.url", server.url().toString(), "breaker.pause", "500ms");
      States states = new States(router);
      await().atMost(BOUND).until(() -> states.last() == EndpointState.ENDPOINT_STATE_UP);
      for (int call = 0; call < 5; call++) {
        report(router, "bad-" + call, OutcomeResult.OUTCOME_RESULT_FAILED);
      }
      assertThat(states.last()).isEqualTo(EndpointState.ENDPOINT_STATE_DOWN);
      for (int trial = 0; trial < 2; trial++) {
        await().atMost(BOUND).until(() -> router.planRoute(PLAN).getCandidatesCount() == 1);
        report(router, "good-" + trial, OutcomeResult.OUTCOME_RESULT_OK);
      }
      assertThat(states.last()).isEqualTo(EndpointState.ENDPOINT_STATE_UP);
    }
  }

  @Test
  void ollama_isFoundWhileTheServiceRuns() {
    FakeVllm gone = FakeVllm.builder().ollama().start();
    gone.close();
    AiRouterBlockingStub router =
        start(
            "ollama.enabled", "true",
            "ollama.url", gone.url().toString(),
            "ollama.look", "50ms");
    assertThat(router.planRoute(PLAN).getCandidatesList()).isEmpty();
    try (FakeVllm ollama = FakeVllm.builder().port(gone.port()).model("qwen").ollama().start()) {
      await().atMost(BOUND).until(() -> router.planRoute(PLAN).getCandidatesCount() == 1);
      assertThat(router.planRoute(PLAN).getCandidates(0).getEndpoint().getModel())
          .isEqualTo(ollama.model());
    }
  }

  @Test
  void paidServer_stopsTheStart() {
    assertThatThrownBy(() -> start("llm.url", "https://8.8.8.8/v1"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("--allow-paid");
  }

  @Test
  void player_mayNotSeeEndpoints() {
    AiRouterBlockingStub router = start();
    Host running = Objects.requireNonNull(host);
    AiRouterBlockingStub player =
        AiRouterGrpc.newBlockingStub(running.channel())
            .withInterceptors(with("authorization", "Bearer " + KEYS.token(PLAYER, TOKEN_LASTS)));
    assertThatThrownBy(() -> player.planRoute(PLAN))
        .satisfies(refusal ->
            assertThat(Status.fromThrowable(refusal).getCode())
                .isEqualTo(Status.Code.PERMISSION_DENIED));
    assertThatThrownBy(
            () -> router.getEndpoint(GetEndpointRequest.newBuilder().setEndpointId("x").build()))
        .satisfies(refusal ->
            assertThat(Status.fromThrowable(refusal).getCode()).isEqualTo(Status.Code.NOT_FOUND));
  }

  /// Starts the service and returns a way to it for another service.
  private AiRouterBlockingStub start(String... settings) {
    List<String> all = new ArrayList<>(List.of("probe.every", "50ms"));
    all.addAll(List.of(settings));
    var values = Settings.with(all.toArray(String[]::new));
    values.put("vesper.runtime.drain", "200ms");
    Host started =
        Host.builder()
            .config(Config.of(values))
            .nats(nats.url())
            .database(database.jdbcUrl(), database.user(), database.password())
            .keys(KEYS)
            .routing(Routing.NATS)
            .modules(List.of(new AiRouterModule()))
            .build();
    host = started;
    started.start();
    assertThat(started.awaitReady(BOUND)).isTrue();
    return AiRouterGrpc.newBlockingStub(started.channel())
        .withInterceptors(
            with("vesper-caller", KEYS.token(Principal.service("ai-integration"), TOKEN_LASTS)))
        // The first call of a cold process takes longer than the contract gives.
        .withDeadlineAfter(2, TimeUnit.MINUTES);
  }

  private static void report(AiRouterBlockingStub router, String attempt, OutcomeResult result) {
    assertThat(
            router.reportOutcomes(
                ReportOutcomesRequest.newBuilder()
                    .addOutcomes(
                        Outcome.newBuilder()
                            .setAttemptId(attempt)
                            .setEndpointId("llm")
                            .setResult(result))
                    .build()))
        .isNotNull();
  }

  private static ClientInterceptor with(String name, String value) {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
    return MetadataUtils.newAttachHeadersInterceptor(metadata);
  }

  /// The states that an endpoint has been seen in, each change once, from the first UP on.
  private static final class States {
    private final AiRouterBlockingStub router;
    private final List<EndpointState> seen = new ArrayList<>();

    private States(AiRouterBlockingStub router) {
      this.router = router;
    }

    EndpointState last() {
      Endpoint endpoint =
          router.getEndpoint(GetEndpointRequest.newBuilder().setEndpointId("llm").build());
      EndpointState state = endpoint.getState();
      boolean begins = seen.isEmpty() && state == EndpointState.ENDPOINT_STATE_UP;
      if (begins || (!seen.isEmpty() && seen.getLast() != state)) {
        seen.add(state);
      }
      return state;
    }
  }
}
