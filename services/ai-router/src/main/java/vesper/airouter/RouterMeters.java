package vesper.airouter;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import vesper.routing.CallOutcome;
import vesper.routing.HealthState;
import vesper.routing.Plan;
import vesper.routing.RoutePlanner;

/// What the router counts.
final class RouterMeters {
  private final MeterRegistry registry;

  RouterMeters(MeterRegistry registry, Fleet fleet, RoutePlanner planner) {
    this.registry = registry;
    Gauge.builder("vesper.airouter.talks", planner, RoutePlanner::talks)
        .description("Talks whose tier and endpoint are remembered")
        .register(registry);
    for (HealthState state : HealthState.values()) {
      Gauge.builder("vesper.airouter.endpoints", fleet, all -> count(all, state))
          .tag("state", word(state))
          .description("Endpoints in a state")
          .register(registry);
    }
  }

  void planned(Plan plan) {
    String result =
        plan.candidates().isEmpty()
            ? "none"
            : plan.candidates().getFirst().tier() == plan.tier() ? "tier" : "down_tier";
    registry
        .counter("vesper.airouter.plans", "tier", plan.tier().word(), "result", result)
        .increment();
  }

  void told(String endpoint, CallOutcome outcome) {
    registry
        .counter("vesper.airouter.outcomes", "endpoint", endpoint, "result", word(outcome.result()))
        .increment();
    outcome.firstToken().ifPresent(time -> firstToken(endpoint, time));
  }

  private void firstToken(String endpoint, Duration time) {
    Timer.builder("vesper.airouter.first.token")
        .tag("endpoint", endpoint)
        .description("Time to the first token")
        .publishPercentileHistogram()
        .register(registry)
        .record(time);
  }

  private static double count(Fleet fleet, HealthState state) {
    return fleet.members().stream()
        .filter(member -> member.health().now().state() == state)
        .count();
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
