package vesper.airouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import com.google.rpc.BadRequest;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import vesper.ai.v1.NpcRank;
import vesper.ai.v1.Signals;
import vesper.ai.v1.Sla;
import vesper.ai.v1.Tier;
import vesper.airouter.v1.Billing;
import vesper.airouter.v1.Endpoint;
import vesper.airouter.v1.EndpointKind;
import vesper.airouter.v1.EndpointSpec;
import vesper.airouter.v1.EndpointState;
import vesper.airouter.v1.GetEndpointRequest;
import vesper.airouter.v1.ListEndpointsRequest;
import vesper.airouter.v1.ListEndpointsResponse;
import vesper.airouter.v1.Outcome;
import vesper.airouter.v1.OutcomeResult;
import vesper.airouter.v1.PlanRouteRequest;
import vesper.airouter.v1.ReportOutcomesRequest;
import vesper.airouter.v1.ReportOutcomesResponse;
import vesper.airouter.v1.RoutePlan;
import vesper.routing.RoutePlanner;
import vesper.testing.TestClock;

class AiRouterServiceTest {
  private static final PlanRouteRequest MARA =
      PlanRouteRequest.newBuilder()
          .setWorldId("body-broker")
          .setUseCase("dialogue")
          .setPlayerId("p1")
          .setNpcId("mara-vey")
          .setConversationId("c1")
          .setRank(NpcRank.NPC_RANK_MAJOR)
          .setSignals(
              Signals.newBuilder().setDistanceMeters(2).setSceneTension(.2).setAddressed(true))
          .build();

  private final TestClock clock = TestClock.create();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final AiRouterConfig config =
      Settings.read(
          "llm.url", "http://127.0.0.1:8080",
          "llm.model", "m7",
          "llm.key-env", "KEY",
          "gold.url", "http://127.0.0.1:8081",
          "gold.model", "m3",
          "allow-paid", "true");
  private final Fleet fleet = new Fleet(config, clock);
  private final RoutePlanner planner =
      new RoutePlanner(config.band().rules(), config.affinity().rules(), clock);
  private final AiRouterService service =
      new AiRouterService(fleet, planner, new RouterMeters(meters, fleet, planner));

  @Test
  void planRoute_givesTheTierAndWhereItIs() {
    fleet.probeAnswered("llm");
    fleet.probeAnswered("gold");
    RoutePlan plan = plan(MARA);
    assertThat(plan.getTier()).isEqualTo(Tier.TIER_SILVER);
    assertThat(plan.getImportance()).isEqualTo(.8257);
    assertThat(plan.getReasonsList()).containsExactly("Importance 0.8257 is 0.55 or more: silver.");
    assertThat(plan.getCandidates(0).getEndpoint())
        .isEqualTo(
            EndpointSpec.newBuilder()
                .setEndpointId("llm")
                .setKind(EndpointKind.ENDPOINT_KIND_OPENAI)
                .setBaseUrl("http://127.0.0.1:8080/v1")
                .setModel("m7")
                .setKeyEnv("KEY")
                .addTiers(Tier.TIER_SILVER)
                .addTiers(Tier.TIER_BRONZE)
                .setSlots(64)
                .setBilling(Billing.BILLING_SELF_HOSTED)
                .build());
    assertThat(plan.getCandidates(0).getDownTier()).isFalse();
    assertThat(plan.getCandidates(1).getEndpoint().getEndpointId()).isEqualTo("gold");
    assertThat(plan.getCandidates(1).getTier()).isEqualTo(Tier.TIER_GOLD);
    assertThat(plan.getCandidates(1).getDownTier()).isTrue();
    assertThat(count("vesper.airouter.plans", "result", "tier")).isEqualTo(1);
  }

  @Test
  void planRoute_withoutEndpoints_saysWhy() {
    RoutePlan plan = plan(MARA);
    assertThat(plan.getCandidatesList()).isEmpty();
    assertThat(plan.getReasonsList())
        .containsExactly(
            "Importance 0.8257 is 0.55 or more: silver.",
            "Endpoint llm is down: It has not answered a probe yet.",
            "Endpoint gold is down: It has not answered a probe yet.",
            "No endpoint can be used.");
    assertThat(count("vesper.airouter.plans", "result", "none")).isEqualTo(1);
  }

  @Test
  void planRoute_readsEveryField() {
    assertThat(plan(request().setTier(Tier.TIER_BRONZE).build()).getTier())
        .isEqualTo(Tier.TIER_BRONZE);
    assertThat(plan(request().setTier(Tier.TIER_SILVER).build()).getTier())
        .isEqualTo(Tier.TIER_SILVER);
    assertThat(plan(request().setSla(Sla.SLA_ASYNC).build()).getTier()).isEqualTo(Tier.TIER_BRONZE);
    assertThat(plan(request().setSla(Sla.SLA_REAL_TIME).build()).getTier())
        .isEqualTo(Tier.TIER_GOLD);
    assertThat(plan(request().setDeadline(Durations.fromSeconds(30)).build()).getTier())
        .isEqualTo(Tier.TIER_BRONZE);
    assertThat(plan(request().setRank(NpcRank.NPC_RANK_MINOR).build()).getImportance())
        .isEqualTo(.15);
    assertThat(plan(request().setRank(NpcRank.NPC_RANK_ELITE).build()).getImportance())
        .isEqualTo(.30);
    assertThat(plan(request().build()).getImportance()).isZero();
    fleet.learn("llm", "", 5_000);
    fleet.probeAnswered("llm");
    RoutePlan large =
        plan(
            request()
                .setTier(Tier.TIER_SILVER)
                .setInputTokens(Integer.MAX_VALUE)
                .setOutputTokens(Integer.MAX_VALUE)
                .build());
    assertThat(large.getReasonsList())
        .contains("Endpoint llm has room for 5000 tokens, not for 2147483647.");
  }

  @Test
  void planRoute_wrongDeadline_namesTheField() {
    for (Duration wrong :
        List.of(
            Durations.fromSeconds(-1),
            Durations.fromDays(2),
            Duration.newBuilder().setNanos(-5).setSeconds(1).build())) {
      assertRefused(
          () -> plan(request().setDeadline(wrong).build()),
          Status.Code.INVALID_ARGUMENT,
          "deadline");
    }
  }

  @Test
  void outcomes_changeTheHealthOnce() {
    fleet.probeAnswered("llm");
    for (int call = 0; call < 20; call++) {
      report(outcome("a1", "llm", OutcomeResult.OUTCOME_RESULT_FAILED));
    }
    assertThat(get("llm").getState()).isEqualTo(EndpointState.ENDPOINT_STATE_UP);
    assertThat(get("llm").getRecentCalls()).isEqualTo(1);
    report(
        outcome("a2", "llm", OutcomeResult.OUTCOME_RESULT_TIMEOUT),
        outcome("a3", "llm", OutcomeResult.OUTCOME_RESULT_FAILED),
        outcome("a4", "llm", OutcomeResult.OUTCOME_RESULT_FAILED),
        outcome("a5", "llm", OutcomeResult.OUTCOME_RESULT_REFUSED),
        outcome("a6", "llm", OutcomeResult.OUTCOME_RESULT_CANCELLED),
        outcome("a7", "llm", OutcomeResult.OUTCOME_RESULT_FAILED));
    Endpoint down = get("llm");
    assertThat(down.getState()).isEqualTo(EndpointState.ENDPOINT_STATE_DOWN);
    assertThat(down.getCause()).isEqualTo("Of its last 5 calls 5 failed.");
    assertThat(down.getRecentFailures()).isEqualTo(5);
    assertThat(count("vesper.airouter.outcomes", "result", "failed")).isEqualTo(4);
  }

  @Test
  void outcomes_tellTimesAndCoolings() {
    fleet.probeAnswered("llm");
    report(
        outcome("a1", "llm", OutcomeResult.OUTCOME_RESULT_OK).toBuilder()
            .setFirstToken(Durations.fromMillis(120))
            .setTotal(Durations.fromMillis(800))
            .build(),
        outcome("a2", "llm", OutcomeResult.OUTCOME_RESULT_THROTTLED).toBuilder()
            .setRetryAfter(Durations.fromSeconds(5))
            .build());
    clock.advance(java.time.Duration.ofSeconds(1));
    Endpoint endpoint = get("llm");
    assertThat(endpoint.getFirstTokenP95()).isEqualTo(Durations.fromMillis(120));
    assertThat(endpoint.getCoolingUntil().getSeconds())
        .isEqualTo(clock.instant().getEpochSecond() + 4);
    assertThat(endpoint.getSince().getSeconds()).isEqualTo(clock.instant().getEpochSecond() - 1);
    assertThat(get("gold").hasCoolingUntil()).isFalse();
    assertThat(get("gold").hasFirstTokenP95()).isFalse();
  }

  @Test
  void outcomes_ofUnknownEndpoints_areIgnored() {
    report(outcome("a1", "other", OutcomeResult.OUTCOME_RESULT_FAILED));
    fleet.probeAnswered("llm");
    report(outcome("a1", "llm", OutcomeResult.OUTCOME_RESULT_FAILED));
    assertThat(get("llm").getRecentFailures()).isEqualTo(1);
  }

  @Test
  void outcomes_withAWrongTime_changeNothing() {
    fleet.probeAnswered("llm");
    Outcome good = outcome("a1", "llm", OutcomeResult.OUTCOME_RESULT_FAILED);
    Outcome wrong = good.toBuilder().setTotal(Durations.fromSeconds(-1)).build();
    assertRefused(() -> report(good, wrong), Status.Code.INVALID_ARGUMENT, "outcomes[1].total");
    assertRefused(
        () -> report(outcome("a2", "llm", OutcomeResult.OUTCOME_RESULT_UNSPECIFIED)),
        Status.Code.INVALID_ARGUMENT,
        "outcomes[0].result");
    assertThat(get("llm").getRecentCalls()).isZero();
  }

  @Test
  void attempts_areForgottenInTheirOrder() {
    ToldAttempts attempts = new ToldAttempts();
    assertThat(attempts.add("first")).isTrue();
    assertThat(attempts.add("first")).isFalse();
    for (int n = 0; n < 100_000; n++) {
      assertThat(attempts.add("a" + n)).isTrue();
    }
    assertThat(attempts.add("first")).isTrue();
    assertThat(attempts.add("a99999")).isFalse();
  }

  @Test
  void getEndpoint_unknown_isNotFoundWithASuggestion() {
    assertRefused(() -> get("lm"), Status.Code.NOT_FOUND, "endpointId");
    assertThatThrownBy(() -> get("lm")).hasMessageContaining("llm");
  }

  @Test
  void listEndpoints_isById() {
    ListEndpointsResponse all =
        call(out -> service.listEndpoints(ListEndpointsRequest.getDefaultInstance(), out));
    assertThat(all.getEndpointsList())
        .extracting(endpoint -> endpoint.getSpec().getEndpointId())
        .containsExactly("gold", "llm");
    assertThat(meters.get("vesper.airouter.endpoints").tag("state", "down").gauge().value())
        .isEqualTo(2);
  }

  private static PlanRouteRequest.Builder request() {
    return PlanRouteRequest.newBuilder().setWorldId("body-broker").setUseCase("dialogue");
  }

  private static Outcome outcome(String attempt, String endpoint, OutcomeResult result) {
    return Outcome.newBuilder()
        .setAttemptId(attempt)
        .setEndpointId(endpoint)
        .setResult(result)
        .build();
  }

  private RoutePlan plan(PlanRouteRequest request) {
    return call(out -> service.planRoute(request, out));
  }

  private void report(Outcome... outcomes) {
    ReportOutcomesRequest request =
        ReportOutcomesRequest.newBuilder().addAllOutcomes(List.of(outcomes)).build();
    ReportOutcomesResponse done = call(out -> service.reportOutcomes(request, out));
    assertThat(done).isEqualTo(ReportOutcomesResponse.getDefaultInstance());
  }

  private Endpoint get(String id) {
    return call(
        out -> service.getEndpoint(GetEndpointRequest.newBuilder().setEndpointId(id).build(), out));
  }

  private double count(String name, String tag, String value) {
    return meters.get(name).tag(tag, value).counter().count();
  }

  private static <T> T call(Consumer<StreamObserver<T>> rpc) {
    List<T> answers = new ArrayList<>();
    rpc.accept(
        new StreamObserver<>() {
          @Override
          public void onNext(T answer) {
            answers.add(answer);
          }

          @Override
          public void onError(Throwable failure) {
            throw new AssertionError(failure);
          }

          @Override
          public void onCompleted() {}
        });
    return answers.getFirst();
  }

  private static void assertRefused(ThrowingCallable call, Status.Code code, String field) {
    assertThatThrownBy(call)
        .satisfies(refusal -> {
          assertThat(Status.fromThrowable(refusal).getCode()).isEqualTo(code);
          BadRequest details =
              Objects.requireNonNull(StatusProto.fromThrowable(refusal))
                  .getDetails(0)
                  .unpack(BadRequest.class);
          assertThat(details.getFieldViolations(0).getField()).isEqualTo(field);
        });
  }
}
