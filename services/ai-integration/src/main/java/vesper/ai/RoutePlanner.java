package vesper.ai;

import com.google.protobuf.util.Durations;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vesper.ai.v1.GenerateRequest;
import vesper.ai.v1.Sla;
import vesper.ai.v1.Tier;
import vesper.airouter.v1.AiRouterGrpc;
import vesper.airouter.v1.PlanRouteRequest;
import vesper.airouter.v1.RoutePlan;

/// Asks the router where a call goes. While the router does not answer, its last plan of the same
/// tier is used for a while.
final class RoutePlanner {
  private static final Logger LOG = LoggerFactory.getLogger(RoutePlanner.class);
  private static final Duration HURRY = Duration.ofSeconds(1);
  private static final String REMEMBERED = "the router does not answer; its last plan is used";

  private final AiRouterGrpc.AiRouterBlockingStub router;
  private final AiConfig.Route config;
  private final ConcurrentHashMap<Tier, Known> last = new ConcurrentHashMap<>();

  RoutePlanner(Channel channel, AiConfig.Route config) {
    router = AiRouterGrpc.newBlockingStub(channel);
    this.config = config;
  }

  private record Known(RoutePlan plan, long atNanos) {}

  /// Returns the plan for a request; none when the router does not answer and none is remembered.
  ///
  /// @param inputTokens that the prompt has at least
  /// @param affinity key that calls with the same beginning share
  Optional<RoutePlan> plan(Ask ask, int inputTokens, String affinity) {
    GenerateRequest request = ask.request();
    PlanRouteRequest.Builder query =
        PlanRouteRequest.newBuilder()
            .setWorldId(request.getWorldId())
            .setUseCase(request.getUseCase())
            .setPlayerId(request.getPlayerId())
            .setNpcId(request.getNpcId())
            .setConversationId(request.getConversationId())
            .setSla(request.getSla())
            .setTier(request.getTier())
            .setRank(request.getRank())
            .setInputTokens(inputTokens)
            .setOutputTokens(request.getParams().getMaxTokens())
            .setAffinityKey(affinity);
    if (request.hasSignals()) {
      query.setSignals(request.getSignals());
    }
    ask.time()
        .filter(Duration::isPositive)
        .ifPresent(time -> query.setDeadline(Durations.fromNanos(time.toNanos())));
    try {
      return Optional.of(learn(request, ask(query.build(), config.timeout())));
    } catch (StatusRuntimeException e) {
      LOG.atDebug().setCause(e).log("The router does not answer");
      return Optional.ofNullable(last.get(request.getTier()))
          .filter(known -> System.nanoTime() - known.atNanos() <= config.remember().toNanos())
          .map(known -> known.plan().toBuilder().addReasons(REMEMBERED).build())
          .or(() -> again(ask, query.build(), e));
    }
  }

  /// Waits longer for the router where nothing is remembered, unless it said no or there is no
  /// time.
  private Optional<RoutePlan> again(Ask ask, PlanRouteRequest query, StatusRuntimeException first) {
    GenerateRequest request = ask.request();
    boolean hurried =
        request.getTier() == Tier.TIER_GOLD
            || request.getSla() == Sla.SLA_REAL_TIME
            || ask.time().filter(time -> time.compareTo(HURRY) < 0).isPresent();
    if (hurried || first.getStatus().getCode() != Status.Code.DEADLINE_EXCEEDED) {
      return Optional.empty();
    }
    try {
      return Optional.of(learn(request, ask(query, config.patience())));
    } catch (StatusRuntimeException e) {
      LOG.atDebug().setCause(e).log("The router does not answer");
      return Optional.empty();
    }
  }

  private RoutePlan ask(PlanRouteRequest query, Duration wait) {
    return router.withDeadlineAfter(wait.toNanos(), TimeUnit.NANOSECONDS).planRoute(query);
  }

  private RoutePlan learn(GenerateRequest request, RoutePlan plan) {
    Known known = new Known(plan, System.nanoTime());
    last.put(plan.getTier(), known);
    last.put(request.getTier(), known);
    return plan;
  }
}
