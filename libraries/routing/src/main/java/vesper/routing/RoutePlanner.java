package vesper.routing;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Plans calls: tier, then endpoints of the tier, then those of the tier below. It remembers which
/// tier and endpoint a talk had. Safe for several threads.
///
/// Endpoints that are DOWN or cooling down are left out. One whose trial is due comes first, for at
/// most three calls. A talk keeps its endpoint; a new one goes to an endpoint that is UP before one
/// that is DEGRADED, and to a named one before one that was found.
public final class RoutePlanner {
  private final TierPolicy policy;
  private final Pins pins;
  private final Affinity affinity;
  private final InstantSource clock;

  /// Makes a planner that remembers nothing.
  public RoutePlanner(TierRules rules, Affinity affinity, InstantSource clock) {
    this.policy = new TierPolicy(rules);
    this.pins = new Pins(rules, clock);
    this.affinity = affinity;
    this.clock = clock;
  }

  /// Talks that are remembered.
  public int talks() {
    return pins.size();
  }

  /// Plans a call.
  public Plan plan(Query query, Collection<Member> members) {
    Optional<Pin> pin = pins.find(query.talk());
    TierPolicy.Choice choice =
        policy.choose(query, pin, tier -> state(tier, members), clock.instant());
    Draft draft = new Draft(query, pin, members);
    draft.reasons.add(choice.reason());
    draft.add(choice.tier());
    choice
        .tier()
        .below()
        .ifPresent(below -> {
          boolean none = draft.candidates.isEmpty();
          draft.add(below);
          if (none && !draft.candidates.isEmpty()) {
            draft.reasons.add(
                "No endpoint of %s can be used: %s stands in."
                    .formatted(choice.tier().word(), below.word()));
          }
        });
    if (draft.candidates.isEmpty()) {
      draft.addDemo(choice.tier());
    }
    if (draft.candidates.isEmpty()) {
      draft.reasons.add(members.isEmpty() ? "There is no endpoint." : "No endpoint can be used.");
    } else {
      dispatch(query, choice, draft, members);
    }
    return new Plan(choice.tier(), draft.candidates, draft.reasons);
  }

  private void dispatch(
      Query query, TierPolicy.Choice choice, Draft draft, Collection<Member> members) {
    Plan.Candidate first = draft.candidates.getFirst();
    members.stream()
        .filter(member -> member.endpoint().id().equals(first.endpoint().id()))
        .forEach(Member::dispatch);
    if (choice.byImportance()) {
      pins.keep(query.talk(), first.tier(), first.endpoint().id());
    }
  }

  /// How the best endpoint of a tier is.
  private static HealthState state(Tier tier, Collection<Member> members) {
    return members.stream()
        .filter(member -> member.endpoint().tiers().contains(tier))
        .map(member -> member.health().now().state())
        .min(Comparator.naturalOrder())
        .orElse(HealthState.DOWN);
  }

  /// A plan in the making.
  private final class Draft {
    private final Query query;
    private final Optional<String> pinned;
    private final Collection<Member> members;
    private final List<Plan.Candidate> candidates = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();

    private Draft(Query query, Optional<Pin> pin, Collection<Member> members) {
      this.query = query;
      this.pinned = pin.map(Pin::endpoint);
      this.members = members;
    }

    /// Adds the usable endpoints of a tier, but no demo.
    private void add(Tier tier) {
      List<Member> usable = new ArrayList<>();
      for (Member member : members) {
        boolean serves =
            member.endpoint().tiers().contains(tier)
                && member.endpoint().standing() != Endpoint.Standing.DEMO;
        if (serves && seen.add(member.endpoint().id())) {
          Optional<String> obstacle = obstacle(member);
          obstacle.ifPresent(reasons::add);
          if (obstacle.isEmpty()) {
            usable.add(member);
          }
        }
      }
      for (Member member : order(usable)) {
        boolean isTrial = member.health().now().state() == HealthState.DOWN;
        if (!isTrial || (candidates.isEmpty() && member.health().takeTrial())) {
          candidates.add(new Plan.Candidate(member.endpoint(), tier, isTrial));
          if (isTrial) {
            reasons.add(
                "Endpoint %s was down; this call finds out whether it is back."
                    .formatted(member.endpoint().id()));
          }
        }
      }
    }

    /// Adds the endpoints that are asked when there is nothing else.
    private void addDemo(Tier tier) {
      for (Member member : members) {
        if (member.endpoint().standing() == Endpoint.Standing.DEMO) {
          Optional<String> obstacle = obstacle(member);
          obstacle.ifPresent(reasons::add);
          boolean isTrial = member.health().now().state() == HealthState.DOWN;
          if (obstacle.isEmpty() && (!isTrial || member.health().takeTrial())) {
            candidates.add(new Plan.Candidate(member.endpoint(), tier, isTrial));
            reasons.add(
                "There is only a model too small for instructions: %s."
                    .formatted(member.endpoint().id()));
          }
        }
      }
    }

    /// Why an endpoint cannot be used, if it cannot.
    private Optional<String> obstacle(Member member) {
      Endpoint endpoint = member.endpoint();
      Health health = member.health().now();
      if (health.state() == HealthState.DOWN && !member.health().trialDue()) {
        return Optional.of("Endpoint %s is down: %s".formatted(endpoint.id(), health.cause()));
      }
      if (health.coolingUntil().isPresent()) {
        return Optional.of(
            "Endpoint %s is left alone until %s."
                .formatted(
                    endpoint.id(), health.coolingUntil().get().truncatedTo(ChronoUnit.MILLIS)));
      }
      if (!endpoint.fits(query.tokens())) {
        return Optional.of(
            "Endpoint %s has room for %d tokens, not for %d."
                .formatted(endpoint.id(), endpoint.contextTokens(), query.tokens()));
      }
      return Optional.empty();
    }

    /// The one whose trial is due first, then the one the talk had, then by state and standing,
    /// then by affinity.
    private List<Member> order(List<Member> usable) {
      return byAffinity(usable).stream()
          .sorted(
              Comparator.comparing((Member member) -> !member.health().trialDue())
                  .thenComparing(
                      member -> !pinned.filter(member.endpoint().id()::equals).isPresent())
                  .thenComparing(member -> member.health().now().state())
                  .thenComparing(member -> member.endpoint().standing()))
          .toList();
    }

    /// Rendezvous order; the first whose wait is bearable leads. Without a key the shortest wait
    /// leads.
    private List<Member> byAffinity(List<Member> usable) {
      if (usable.size() < 2) {
        return usable;
      }
      if (query.key().isEmpty()) {
        return usable.stream().sorted(Comparator.comparingDouble(Member::waitSeconds)).toList();
      }
      double mean = usable.stream().mapToDouble(Member::waitSeconds).average().orElse(0);
      double bearable = affinity.factor() * mean + affinity.slack().toNanos() / 1e9;
      List<Member> ranked = new ArrayList<>(Rendezvous.order(query.key(), usable));
      for (Member member : ranked) {
        if (member.waitSeconds() <= bearable) {
          ranked.remove(member);
          ranked.addFirst(member);
          break;
        }
      }
      return ranked;
    }
  }
}
