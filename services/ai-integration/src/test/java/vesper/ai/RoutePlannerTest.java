package vesper.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import vesper.ai.v1.GenerateRequest;
import vesper.ai.v1.Sla;
import vesper.ai.v1.Tier;
import vesper.airouter.v1.AiRouterGrpc;
import vesper.airouter.v1.PlanRouteRequest;
import vesper.airouter.v1.RoutePlan;
import vesper.runtime.CallContext;
import vesper.runtime.Principal;

class RoutePlannerTest {
  private static final String NAME = "route-planner-test";
  private static final RoutePlan PLAN =
      RoutePlan.newBuilder().setTier(Tier.TIER_SILVER).addReasons("as ever").build();

  private final Router router = new Router();
  private final Server server;
  private final ManagedChannel channel = InProcessChannelBuilder.forName(NAME).build();

  RoutePlannerTest() throws IOException {
    server = InProcessServerBuilder.forName(NAME).addService(router).build().start();
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  @Test
  void plan_theRouterIsSlowAndNothingIsRemembered_isAskedAgain() {
    router.silent = 1;
    assertThat(plan(planner(Duration.ofSeconds(60)), ask(Requests.dialogue()))).contains(PLAN);
    assertThat(router.asked).hasValue(2);
  }

  @Test
  void plan_thereIsNoTime_isNotAskedAgain() {
    RoutePlanner planner = planner(Duration.ofSeconds(60));
    router.silent = 100;
    assertThat(plan(planner, ask(Requests.dialogue().setTier(Tier.TIER_GOLD)))).isEmpty();
    assertThat(plan(planner, ask(Requests.dialogue().setSla(Sla.SLA_REAL_TIME)))).isEmpty();
    Ask hurried =
        new Ask(
            Requests.dialogue().build(),
            "id",
            CallContext.of(Principal.service("npc-behavior"), "request"),
            System.nanoTime(),
            Optional.of(Duration.ofMillis(300)));
    assertThat(plan(planner, hurried)).isEmpty();
    assertThat(router.asked).hasValue(3);
  }

  @Test
  void plan_theRouterSaysNo_theLastPlanIsUsedWhileItIsFresh() {
    RoutePlanner remembering = planner(Duration.ofSeconds(60));
    RoutePlanner forgetting = planner(Duration.ZERO);
    Ask ask = ask(Requests.dialogue());
    assertThat(plan(remembering, ask)).contains(PLAN);
    assertThat(plan(forgetting, ask)).contains(PLAN);
    router.refuses = true;
    assertThat(plan(remembering, ask).orElseThrow().getReasonsList()).hasSize(2);
    assertThat(plan(remembering, ask(Requests.dialogue().setTier(Tier.TIER_SILVER)))).isPresent();
    assertThat(plan(remembering, ask(Requests.dialogue().setTier(Tier.TIER_BRONZE)))).isEmpty();
    assertThat(plan(forgetting, ask)).isEmpty();
  }

  private RoutePlanner planner(Duration remember) {
    return new RoutePlanner(
        channel, new AiConfig.Route(Duration.ofMillis(200), Duration.ofSeconds(60), remember));
  }

  private static Optional<RoutePlan> plan(RoutePlanner planner, Ask ask) {
    return planner.plan(ask, 100, "key");
  }

  private static Ask ask(GenerateRequest.Builder request) {
    return new Ask(
        request.build(),
        "id",
        CallContext.of(Principal.service("npc-behavior"), "request"),
        System.nanoTime(),
        Optional.empty());
  }

  private static final class Router extends AiRouterGrpc.AiRouterImplBase {
    private final AtomicInteger asked = new AtomicInteger();
    private volatile int silent;
    private volatile boolean refuses;

    @Override
    public void planRoute(PlanRouteRequest request, StreamObserver<RoutePlan> out) {
      if (asked.incrementAndGet() <= silent) {
        return;
      }
      if (refuses) {
        out.onError(Status.UNAVAILABLE.asRuntimeException());
        return;
      }
      out.onNext(PLAN);
      out.onCompleted();
    }
  }
}
