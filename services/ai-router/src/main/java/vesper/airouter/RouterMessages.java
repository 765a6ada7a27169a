package vesper.airouter;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import vesper.ai.v1.NpcRank;
import vesper.ai.v1.Signals;
import vesper.airouter.v1.Billing;
import vesper.airouter.v1.Endpoint;
import vesper.airouter.v1.EndpointKind;
import vesper.airouter.v1.EndpointSpec;
import vesper.airouter.v1.EndpointState;
import vesper.airouter.v1.Outcome;
import vesper.airouter.v1.OutcomeResult;
import vesper.airouter.v1.PlanRouteRequest;
import vesper.routing.CallOutcome;
import vesper.routing.CallOutcome.Result;
import vesper.routing.Health;
import vesper.routing.HealthState;
import vesper.routing.Importance;
import vesper.routing.Query;
import vesper.routing.Rank;
import vesper.routing.Sla;
import vesper.routing.Tier;
import vesper.runtime.Refusal;

/// The domain in the messages of the contract.
final class RouterMessages {
  private RouterMessages() {}

  static Importance importance(PlanRouteRequest request) {
    Signals signals = request.getSignals();
    OptionalDouble distance =
        signals.hasDistanceMeters()
            ? OptionalDouble.of(signals.getDistanceMeters())
            : OptionalDouble.empty();
    return Importance.of(
        rank(request.getRank()), distance, signals.getSceneTension(), signals.getAddressed());
  }

  static Query query(PlanRouteRequest request) {
    Optional<Duration> deadline =
        request.hasDeadline()
            ? Optional.of(duration("deadline", request.getDeadline()))
            : Optional.empty();
    long tokens = (long) request.getInputTokens() + request.getOutputTokens();
    return new Query(
        sla(request.getSla()),
        tier(request.getTier()),
        importance(request),
        deadline,
        (int) Math.min(Integer.MAX_VALUE, tokens),
        new Query.Talk(
            request.getWorldId(),
            request.getNpcId(),
            request.getPlayerId(),
            request.getConversationId()),
        request.getAffinityKey());
  }

  static CallOutcome outcome(String path, Outcome outcome) {
    return new CallOutcome(
        result(path, outcome.getResult()),
        outcome.hasFirstToken()
            ? Optional.of(duration(path + ".firstToken", outcome.getFirstToken()))
            : Optional.empty(),
        outcome.hasTotal() ? duration(path + ".total", outcome.getTotal()) : Duration.ZERO,
        outcome.hasRetryAfter()
            ? Optional.of(duration(path + ".retryAfter", outcome.getRetryAfter()))
            : Optional.empty());
  }

  static EndpointSpec spec(Backend backend) {
    EndpointSpec.Builder spec =
        EndpointSpec.newBuilder()
            .setEndpointId(backend.id())
            .setModel(backend.model())
            .setKeyEnv(backend.keyEnv())
            .setContextTokens(backend.contextTokens())
            .setSlots(backend.slots())
            .setDemo(backend.isDemo());
    backend.tiers().stream().sorted().map(RouterMessages::tier).forEach(spec::addTiers);
    switch (backend.place()) {
      case Backend.Place.Server server ->
          spec.setBaseUrl(server.url().toString())
              .setKind(
                  server.ollama()
                      ? EndpointKind.ENDPOINT_KIND_OLLAMA
                      : EndpointKind.ENDPOINT_KIND_OPENAI)
              .setBilling(server.paid() ? Billing.BILLING_METERED : Billing.BILLING_SELF_HOSTED);
      case Backend.Place.File _ ->
          spec.setKind(EndpointKind.ENDPOINT_KIND_GGUF).setBilling(Billing.BILLING_SELF_HOSTED);
    }
    return spec.build();
  }

  static Endpoint endpoint(Fleet.Unit unit) {
    Health health = unit.member().health().now();
    Endpoint.Builder endpoint =
        Endpoint.newBuilder()
            .setSpec(spec(unit.backend()))
            .setState(state(health.state()))
            .setCause(health.cause())
            .setSince(timestamp(health.since()))
            .setRecentCalls(health.calls())
            .setRecentFailures(health.failures());
    health
        .firstTokenP95()
        .ifPresent(time -> endpoint.setFirstTokenP95(Durations.fromNanos(time.toNanos())));
    health.coolingUntil().ifPresent(until -> endpoint.setCoolingUntil(timestamp(until)));
    return endpoint.build();
  }

  static vesper.ai.v1.Tier tier(Tier tier) {
    return switch (tier) {
      case GOLD -> vesper.ai.v1.Tier.TIER_GOLD;
      case SILVER -> vesper.ai.v1.Tier.TIER_SILVER;
      case BRONZE -> vesper.ai.v1.Tier.TIER_BRONZE;
    };
  }

  private static Optional<Tier> tier(vesper.ai.v1.Tier tier) {
    return switch (tier) {
      case TIER_GOLD -> Optional.of(Tier.GOLD);
      case TIER_SILVER -> Optional.of(Tier.SILVER);
      case TIER_BRONZE -> Optional.of(Tier.BRONZE);
      case TIER_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
    };
  }

  private static Rank rank(NpcRank rank) {
    return switch (rank) {
      case NPC_RANK_MINOR -> Rank.MINOR;
      case NPC_RANK_ELITE -> Rank.ELITE;
      case NPC_RANK_MAJOR -> Rank.MAJOR;
      case NPC_RANK_AMBIENT, NPC_RANK_UNSPECIFIED, UNRECOGNIZED -> Rank.AMBIENT;
    };
  }

  private static Sla sla(vesper.ai.v1.Sla sla) {
    return switch (sla) {
      case SLA_REAL_TIME -> Sla.REAL_TIME;
      case SLA_ASYNC -> Sla.ASYNC;
      case SLA_INTERACTIVE, SLA_UNSPECIFIED, UNRECOGNIZED -> Sla.INTERACTIVE;
    };
  }

  private static Result result(String path, OutcomeResult result) {
    return switch (result) {
      case OUTCOME_RESULT_OK -> Result.OK;
      case OUTCOME_RESULT_FAILED -> Result.FAILED;
      case OUTCOME_RESULT_TIMEOUT -> Result.TIMEOUT;
      case OUTCOME_RESULT_THROTTLED -> Result.THROTTLED;
      case OUTCOME_RESULT_REFUSED -> Result.REFUSED;
      case OUTCOME_RESULT_CANCELLED -> Result.CANCELLED;
      case OUTCOME_RESULT_UNSPECIFIED, UNRECOGNIZED ->
          throw Refusal.invalid(path + ".result", "must be set");
    };
  }

  private static EndpointState state(HealthState state) {
    return switch (state) {
      case UP -> EndpointState.ENDPOINT_STATE_UP;
      case DEGRADED -> EndpointState.ENDPOINT_STATE_DEGRADED;
      case DOWN -> EndpointState.ENDPOINT_STATE_DOWN;
    };
  }

  private static Duration duration(String path, com.google.protobuf.Duration time) {
    boolean accepted =
        Durations.isValid(time)
            && !Durations.isNegative(time)
            && time.getSeconds() <= Duration.ofDays(1).toSeconds();
    if (!accepted) {
      throw Refusal.invalid(path, "must be 0 s to a day");
    }
    return Duration.ofSeconds(time.getSeconds(), time.getNanos());
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
