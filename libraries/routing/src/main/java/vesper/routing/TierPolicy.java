package vesper.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// Chooses the tier of a call.
final class TierPolicy {
  private static final Duration JOB = Duration.ofSeconds(30);
  private static final Duration FRAMES = Duration.ofMillis(250);

  private final TierRules rules;

  TierPolicy(TierRules rules) {
    this.rules = rules;
  }

  /// A tier.
  ///
  /// @param reason why, in a sentence
  /// @param byImportance whether the importance of the moment decided, so that a talk keeps it
  record Choice(Tier tier, String reason, boolean byImportance) {}

  /// Chooses.
  ///
  /// @param pin what the talk had before
  /// @param state how the endpoints of a tier are
  Choice choose(Query query, Optional<Pin> pin, Function<Tier, HealthState> state, Instant now) {
    if (query.tier().isPresent()) {
      Tier tier = query.tier().get();
      return new Choice(tier, "The caller asked for " + tier.word() + ".", false);
    }
    if (query.sla() == Sla.ASYNC) {
      return new Choice(Tier.BRONZE, "Nobody waits for it: bronze.", false);
    }
    Optional<Duration> deadline = query.deadline();
    boolean isJob = deadline.filter(time -> time.compareTo(JOB) >= 0).isPresent();
    if (isJob && !query.talk().isConversation()) {
      return new Choice(Tier.BRONZE, "There are 30 s or more: bronze.", false);
    }
    if (deadline.filter(time -> time.compareTo(FRAMES) < 0).isPresent()) {
      return new Choice(Tier.GOLD, "There are less than 250 ms: gold.", false);
    }
    return pin.map(kept -> stay(query.importance(), kept, now))
        .orElseGet(() -> begin(query.importance(), state));
  }

  /// The tier of a talk that has one.
  private Choice stay(Importance importance, Pin pin, Instant now) {
    boolean rested = !now.isBefore(pin.since().plus(rules.pinMin()));
    if (pin.tier() == Tier.GOLD && rested && reaches(importance, rules.upshift())) {
      return new Choice(
          Tier.SILVER,
          "Importance %s is %s or more: the talk rises to silver."
              .formatted(importance, number(rules.upshift())),
          true);
    }
    return new Choice(pin.tier(), "The talk keeps its tier: " + pin.tier().word() + ".", true);
  }

  /// The tier of a talk that begins.
  private Choice begin(Importance importance, Function<Tier, HealthState> state) {
    boolean shifted =
        state.apply(Tier.SILVER) == HealthState.DEGRADED
            && state.apply(Tier.GOLD) == HealthState.UP;
    double shift = shifted ? rules.degraded() : 0;
    String cause = shifted ? ", because silver answers badly" : "";
    double low = rules.low() + shift;
    double high = rules.high() + shift;
    if (reaches(importance, high)) {
      return new Choice(
          Tier.SILVER,
          "Importance %s is %s or more%s: silver.".formatted(importance, number(high), cause),
          true);
    }
    String relation =
        reaches(importance, low)
            ? "lies between %s and %s".formatted(number(low), number(high))
            : "is less than " + number(low);
    return new Choice(
        Tier.GOLD, "Importance %s %s%s: gold.".formatted(importance, relation, cause), true);
  }

  private static boolean reaches(Importance importance, double band) {
    return importance.tenThousandths() >= Math.round(band * 10_000);
  }

  private static String number(double band) {
    return String.format(Locale.ROOT, "%.2f", band);
  }
}
