package vesper.ai;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import vesper.ai.v1.Tier;
import vesper.airouter.v1.AiRouterGrpc;
import vesper.airouter.v1.EndpointKind;
import vesper.airouter.v1.EndpointSpec;
import vesper.airouter.v1.Outcome;
import vesper.airouter.v1.PlanRouteRequest;
import vesper.airouter.v1.ReportOutcomesRequest;
import vesper.airouter.v1.ReportOutcomesResponse;
import vesper.airouter.v1.RouteCandidate;
import vesper.airouter.v1.RoutePlan;
import vesper.runtime.ServiceContext;
import vesper.runtime.ServiceModule;
import vesper.runtime.Wiring;
import vesper.testing.vllm.FakeVllm;

/// A router that plans what the test says, and keeps what it is told.
final class TestRouter extends AiRouterGrpc.AiRouterImplBase implements ServiceModule {
  final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
  final Queue<PlanRouteRequest> queries = new ConcurrentLinkedQueue<>();
  private volatile RoutePlan plan = RoutePlan.getDefaultInstance();
  private volatile boolean away;

  /// Plans these endpoints from now on, SILVER first.
  void plan(RouteCandidate... candidates) {
    plan =
        RoutePlan.newBuilder()
            .setTier(Tier.TIER_SILVER)
            .setImportance(.5786)
            .addReasons("as the test says")
            .addAllCandidates(List.of(candidates))
            .build();
    away = false;
  }

  /// Fails from now on.
  void leave() {
    away = true;
  }

  static RouteCandidate silver(String id, FakeVllm server) {
    return candidate(at(id, server.url() + "/v1").build(), Tier.TIER_SILVER, false);
  }

  static RouteCandidate below(String id, FakeVllm server) {
    return candidate(at(id, server.url() + "/v1").build(), Tier.TIER_GOLD, true);
  }

  static RouteCandidate candidate(EndpointSpec spec, Tier tier, boolean down) {
    return RouteCandidate.newBuilder().setEndpoint(spec).setTier(tier).setDownTier(down).build();
  }

  static EndpointSpec.Builder at(String id, String address) {
    return EndpointSpec.newBuilder()
        .setEndpointId(id)
        .setKind(EndpointKind.ENDPOINT_KIND_OPENAI)
        .setBaseUrl(address)
        .setModel("fake-7b")
        .setContextTokens(8_192)
        .setSlots(256);
  }

  @Override
  public void planRoute(PlanRouteRequest request, StreamObserver<RoutePlan> out) {
    queries.add(request);
    if (away) {
      throw Status.RESOURCE_EXHAUSTED.withDescription("the test says so").asRuntimeException();
    }
    out.onNext(plan);
    out.onCompleted();
  }

  @Override
  public void reportOutcomes(
      ReportOutcomesRequest request, StreamObserver<ReportOutcomesResponse> out) {
    outcomes.addAll(request.getOutcomesList());
    out.onNext(ReportOutcomesResponse.getDefaultInstance());
    out.onCompleted();
  }

  @Override
  public String id() {
    return "ai-router";
  }

  @Override
  public String domain() {
    return "airouter";
  }

  @Override
  public Wiring wire(ServiceContext context) {
    return Wiring.of(this);
  }
}
