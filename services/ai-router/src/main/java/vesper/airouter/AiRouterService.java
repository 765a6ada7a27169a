package vesper.airouter;

import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.stream.IntStream;
import vesper.airouter.v1.AiRouterGrpc;
import vesper.airouter.v1.Endpoint;
import vesper.airouter.v1.GetEndpointRequest;
import vesper.airouter.v1.ListEndpointsRequest;
import vesper.airouter.v1.ListEndpointsResponse;
import vesper.airouter.v1.Outcome;
import vesper.airouter.v1.PlanRouteRequest;
import vesper.airouter.v1.ReportOutcomesRequest;
import vesper.airouter.v1.ReportOutcomesResponse;
import vesper.airouter.v1.RouteCandidate;
import vesper.airouter.v1.RoutePlan;
import vesper.routing.CallOutcome;
import vesper.routing.Plan;
import vesper.routing.Query;
import vesper.routing.RoutePlanner;
import vesper.runtime.Refusal;

/// The rpcs of the router.
final class AiRouterService extends AiRouterGrpc.AiRouterImplBase {
  private final Fleet fleet;
  private final RoutePlanner planner;
  private final ToldAttempts attempts = new ToldAttempts();
  private final RouterMeters meters;

  AiRouterService(Fleet fleet, RoutePlanner planner, RouterMeters meters) {
    this.fleet = fleet;
    this.planner = planner;
    this.meters = meters;
  }

  @Override
  public void planRoute(PlanRouteRequest request, StreamObserver<RoutePlan> out) {
    Query query = RouterMessages.query(request);
    Plan plan = planner.plan(query, fleet.members());
    meters.planned(plan);
    RoutePlan.Builder answer =
        RoutePlan.newBuilder()
            .setTier(RouterMessages.tier(plan.tier()))
            .addAllReasons(plan.reasons())
            .setImportance(query.importance().value());
    for (Plan.Candidate candidate : plan.candidates()) {
      fleet
          .find(candidate.endpoint().id())
          .ifPresent(unit ->
              answer.addCandidates(
                  RouteCandidate.newBuilder()
                      .setEndpoint(RouterMessages.spec(unit.backend()))
                      .setTier(RouterMessages.tier(candidate.tier()))
                      .setDownTier(candidate.tier() != plan.tier())));
    }
    answer(out, answer.build());
  }

  @Override
  public void reportOutcomes(
      ReportOutcomesRequest request, StreamObserver<ReportOutcomesResponse> out) {
    List<Outcome> outcomes = request.getOutcomesList();
    List<CallOutcome> read =
        IntStream.range(0, outcomes.size())
            .mapToObj(n -> RouterMessages.outcome("outcomes[" + n + "]", outcomes.get(n)))
            .toList();
    for (int n = 0; n < read.size(); n++) {
      Outcome outcome = outcomes.get(n);
      if (fleet.find(outcome.getEndpointId()).isPresent()
          && attempts.add(outcome.getAttemptId())
          && fleet.outcome(outcome.getEndpointId(), read.get(n))) {
        meters.told(outcome.getEndpointId(), read.get(n));
      }
    }
    answer(out, ReportOutcomesResponse.getDefaultInstance());
  }

  @Override
  public void getEndpoint(GetEndpointRequest request, StreamObserver<Endpoint> out) {
    Fleet.Unit unit =
        fleet
            .find(request.getEndpointId())
            .orElseThrow(() ->
                Refusal.unknown("endpointId", "endpoint", request.getEndpointId(), fleet.ids()));
    answer(out, RouterMessages.endpoint(unit));
  }

  @Override
  public void listEndpoints(
      ListEndpointsRequest request, StreamObserver<ListEndpointsResponse> out) {
    ListEndpointsResponse.Builder endpoints = ListEndpointsResponse.newBuilder();
    fleet.units().forEach(unit -> endpoints.addEndpoints(RouterMessages.endpoint(unit)));
    answer(out, endpoints.build());
  }

  private static <T> void answer(StreamObserver<T> out, T message) {
    out.onNext(message);
    out.onCompleted();
  }
}
