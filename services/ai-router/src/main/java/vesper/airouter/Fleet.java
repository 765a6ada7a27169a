package vesper.airouter;

import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vesper.routing.CallOutcome;
import vesper.routing.Health;
import vesper.routing.HealthState;
import vesper.routing.Member;

/// All endpoints, with what is known of them.
final class Fleet {
  private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);

  private final AiRouterConfig config;
  private final InstantSource clock;
  private final Map<String, Unit> units = new ConcurrentSkipListMap<>();
  private final Map<String, HealthState> told = new ConcurrentHashMap<>();

  /// An endpoint.
  ///
  /// @param given as it was named or found
  /// @param backend with what it said of itself
  record Unit(Backend given, Backend backend, Member member) {}

  Fleet(AiRouterConfig config, InstantSource clock) {
    this.config = config;
    this.clock = clock;
    Backend.named(config).forEach(this::put);
  }

  /// All, by id.
  List<Unit> units() {
    return List.copyOf(units.values());
  }

  Collection<String> ids() {
    return List.copyOf(units.keySet());
  }

  List<Member> members() {
    return units.values().stream().map(Unit::member).toList();
  }

  Optional<Unit> find(String id) {
    return Optional.ofNullable(units.get(id));
  }

  /// Adds an endpoint that nothing is known of, in the place of one with the same id.
  void put(Backend given) {
    units.put(given.id(), new Unit(given, given, member(given)));
  }

  /// Writes down what an endpoint said of itself: its model, and the context of that, 0 if it did
  /// not say. What was given stands. Its health goes on, unless it has another model now.
  void learn(String id, String model, int contextTokens) {
    units.computeIfPresent(
        id,
        (_, unit) -> {
          Backend known = unit.given().knowing(model, contextTokens);
          if (known.equals(unit.backend())) {
            return unit;
          }
          boolean isSame =
              unit.backend().model().isEmpty() || unit.backend().model().equals(known.model());
          Member member = isSame ? unit.member().with(known.endpoint()) : member(known);
          return new Unit(unit.given(), known, member);
        });
  }

  /// Hears how a call went; false when there is no such endpoint.
  boolean outcome(String id, CallOutcome outcome) {
    Unit unit = units.get(id);
    if (unit == null) {
      return false;
    }
    unit.member().outcome(outcome);
    tell(unit);
    return true;
  }

  void probeAnswered(String id) {
    find(id)
        .ifPresent(unit -> {
          unit.member().health().probeAnswered();
          tell(unit);
        });
  }

  void probeFailed(String id, String why) {
    find(id)
        .ifPresent(unit -> {
          unit.member().health().probeFailed(why);
          tell(unit);
        });
  }

  /// Tells the operator of a change of state.
  private void tell(Unit unit) {
    Health health = unit.member().health().now();
    HealthState before = told.put(unit.backend().id(), health.state());
    if (before != health.state() && !(before == null && health.state() == HealthState.DOWN)) {
      LOG.atInfo()
          .addKeyValue("endpoint", unit.backend().id())
          .addKeyValue("model", unit.backend().model())
          .addKeyValue("state", health.state())
          .addKeyValue("cause", health.cause())
          .log("Endpoint changed its state");
    }
  }

  private Member member(Backend backend) {
    return Member.begin(
        backend.endpoint(), backend.healthRules(config.breaker().rules(), config.target()), clock);
  }
}
