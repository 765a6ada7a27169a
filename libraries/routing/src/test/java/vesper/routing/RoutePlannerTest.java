package vesper.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vesper.routing.CallOutcome.Result;
import vesper.routing.Endpoint.Standing;
import vesper.routing.Query.Talk;

class RoutePlannerTest {
  private static final Talk TALK = new Talk("w", "mara", "p1", "c1");
  private static final Set<Tier> ALL = EnumSet.allOf(Tier.class);

  private final SteppedClock clock = new SteppedClock();
  private final RoutePlanner planner =
      new RoutePlanner(TierRules.STANDARD, Affinity.STANDARD, clock);

  @ParameterizedTest
  @CsvSource({
    "0, GOLD, Importance 0.0000 is less than 0.45: gold.",
    "4499, GOLD, Importance 0.4499 is less than 0.45: gold.",
    "4500, GOLD, Importance 0.4500 lies between 0.45 and 0.55: gold.",
    "5499, GOLD, Importance 0.5499 lies between 0.45 and 0.55: gold.",
    "5500, SILVER, Importance 0.5500 is 0.55 or more: silver.",
    "10000, SILVER, Importance 1.0000 is 0.55 or more: silver.",
  })
  void tier_followsImportance(int importance, Tier tier, String reason) {
    Plan plan = planner.plan(query(importance, Talk.NONE), List.of(member("llm")));
    assertThat(plan.tier()).isEqualTo(tier);
    assertThat(plan.reasons()).containsExactly(reason);
    assertThat(ids(plan)).containsExactly("llm");
  }

  @Test
  void callersTier_wins() {
    Query query = query(Sla.ASYNC, Optional.of(Tier.SILVER), 0, "PT40S", Talk.NONE);
    assertThat(planner.plan(query, List.of()).tier()).isEqualTo(Tier.SILVER);
    assertThat(planner.plan(query, List.of()).reasons())
        .containsExactly("The caller asked for silver.", "There is no endpoint.");
  }

  @Test
  void time_decidesBeforeImportance() {
    assertThat(tier(query(Sla.ASYNC, Optional.empty(), 9_000, "PT1S", TALK)))
        .isEqualTo(Tier.BRONZE);
    assertThat(tier(query(Sla.INTERACTIVE, Optional.empty(), 9_000, "PT30S", Talk.NONE)))
        .isEqualTo(Tier.BRONZE);
    assertThat(tier(query(Sla.INTERACTIVE, Optional.empty(), 9_000, "PT29.999S", Talk.NONE)))
        .isEqualTo(Tier.SILVER);
    assertThat(tier(query(Sla.REAL_TIME, Optional.empty(), 9_000, "PT0.249S", Talk.NONE)))
        .isEqualTo(Tier.GOLD);
    assertThat(tier(query(Sla.REAL_TIME, Optional.empty(), 9_000, "PT0.25S", Talk.NONE)))
        .isEqualTo(Tier.SILVER);
  }

  @Test
  void conversation_isNeverAJobByItsDeadlineAlone() {
    assertThat(tier(query(Sla.INTERACTIVE, Optional.empty(), 6_000, "PT60S", TALK)))
        .isEqualTo(Tier.SILVER);
  }

  @Test
  void talk_keepsItsTier() {
    assertThat(tier(query(5_600, TALK))).isEqualTo(Tier.SILVER);
    assertThat(tier(query(0, TALK))).isEqualTo(Tier.SILVER);
    Talk other = new Talk("w", "mara", "p2", "c2");
    assertThat(tier(query(4_400, other))).isEqualTo(Tier.GOLD);
    clock.seconds(31);
    assertThat(tier(query(6_999, other))).isEqualTo(Tier.GOLD);
    assertThat(tier(query(7_000, other))).isEqualTo(Tier.SILVER);
    assertThat(tier(query(0, other))).isEqualTo(Tier.SILVER);
  }

  @Test
  void talk_risesOnlyAfterThirtySeconds() {
    assertThat(tier(query(0, TALK))).isEqualTo(Tier.GOLD);
    clock.seconds(29);
    assertThat(tier(query(9_000, TALK))).isEqualTo(Tier.GOLD);
    clock.seconds(1);
    assertThat(tier(query(9_000, TALK))).isEqualTo(Tier.SILVER);
  }

  @Test
  void talk_isForgottenWhenItIsSilent() {
    tier(query(0, TALK));
    clock.seconds(599);
    assertThat(tier(query(6_000, TALK))).isEqualTo(Tier.GOLD);
    clock.seconds(600);
    assertThat(tier(query(6_000, TALK))).isEqualTo(Tier.SILVER);
  }

  @Test
  void callsWithoutAConversation_keepTheTierForThirtySeconds() {
    Talk bark = new Talk("w", "mara", "p1", "");
    assertThat(tier(query(0, bark))).isEqualTo(Tier.GOLD);
    clock.seconds(20);
    assertThat(tier(query(6_000, bark))).isEqualTo(Tier.GOLD);
    clock.seconds(10);
    assertThat(tier(query(6_000, bark))).isEqualTo(Tier.SILVER);
    assertThat(planner.talks()).isEqualTo(1);
    tier(query(0, Talk.NONE));
    assertThat(planner.talks()).isEqualTo(1);
  }

  @Test
  void jobs_leaveThePinAlone() {
    tier(query(0, TALK));
    assertThat(tier(query(Sla.ASYNC, Optional.empty(), 0, "PT1S", TALK))).isEqualTo(Tier.BRONZE);
    assertThat(tier(query(6_000, TALK))).isEqualTo(Tier.GOLD);
  }

  @Test
  void talks_areBounded() {
    TierRules few =
        new TierRules(.45, .55, .7, .2, Duration.ofSeconds(30), Duration.ofMinutes(10), 2);
    RoutePlanner small = new RoutePlanner(few, Affinity.STANDARD, clock);
    List<Member> members = List.of(member("llm"));
    for (int talk = 0; talk < 5; talk++) {
      small.plan(query(0, new Talk("w", "mara", "p", "c" + talk)), members);
      small.plan(query(0, new Talk("w", "mara", "p", "c0")), members);
    }
    assertThat(small.talks()).isEqualTo(2);
    assertThat(small.plan(query(9_000, new Talk("w", "mara", "p", "c0")), members).tier())
        .isEqualTo(Tier.GOLD);
  }

  @Test
  void tierBelow_standsInAndKeepsTheTalk() {
    Member silver = member("silver", EnumSet.of(Tier.SILVER), 0, Standing.NAMED);
    Member gold = member("gold", EnumSet.of(Tier.GOLD), 0, Standing.NAMED);
    List<Member> members = List.of(gold, silver);
    Plan before = planner.plan(query(6_000, TALK), members);
    assertThat(ids(before)).containsExactly("silver", "gold");
    assertThat(before.candidates().getLast().tier()).isEqualTo(Tier.GOLD);
    fail(silver);
    Plan during = planner.plan(query(6_000, TALK), members);
    assertThat(during.tier()).isEqualTo(Tier.SILVER);
    assertThat(ids(during)).containsExactly("gold");
    assertThat(during.reasons())
        .containsExactly(
            "The talk keeps its tier: silver.",
            "Endpoint silver is down: Of its last 5 calls 5 failed.",
            "No endpoint of silver can be used: gold stands in.");
    mend(silver);
    assertThat(ids(planner.plan(query(6_000, TALK), members))).containsExactly("gold");
    assertThat(planner.plan(query(6_000, new Talk("w", "mara", "p1", "c2")), members).tier())
        .isEqualTo(Tier.SILVER);
  }

  @Test
  void bronze_fallsToSilverAndGoldToNothing() {
    Member silver = member("silver", EnumSet.of(Tier.SILVER), 0, Standing.NAMED);
    Query job = query(Sla.ASYNC, Optional.empty(), 0, "PT60S", Talk.NONE);
    assertThat(planner.plan(job, List.of(silver)).candidates())
        .containsExactly(new Plan.Candidate(silver.endpoint(), Tier.SILVER, false));
    assertThat(planner.plan(query(0, Talk.NONE), List.of(silver)).candidates()).isEmpty();
  }

  @Test
  void coolingEndpoint_isLeftOut() {
    Member one = member("one");
    one.outcome(CallOutcome.throttled(Duration.ofSeconds(5)));
    Plan plan = planner.plan(query(0, TALK), List.of(one));
    assertThat(plan.candidates()).isEmpty();
    assertThat(plan.reasons())
        .contains(
            "Endpoint one is left alone until 2026-01-01T00:00:05Z.", "No endpoint can be used.");
    clock.seconds(5);
    assertThat(ids(planner.plan(query(0, TALK), List.of(one)))).containsExactly("one");
  }

  @Test
  void endpointWithTooLittleRoom_isLeftOut() {
    Member small = member("small", ALL, 4_096, Standing.NAMED);
    Member unknown = member("unknown", ALL, 0, Standing.FOUND);
    Query large =
        new Query(
            Sla.INTERACTIVE,
            Optional.empty(),
            new Importance(0),
            Optional.empty(),
            4_097,
            Talk.NONE,
            "");
    Plan plan = planner.plan(large, List.of(small, unknown));
    assertThat(ids(plan)).containsExactly("unknown");
    assertThat(plan.reasons()).contains("Endpoint small has room for 4096 tokens, not for 4097.");
  }

  @Test
  void demo_isAskedOnlyWhenThereIsNothingElse() {
    Member demo = member("gguf", ALL, 512, Standing.DEMO);
    Member real = member("llm");
    assertThat(ids(planner.plan(query(0, TALK), List.of(demo, real)))).containsExactly("llm");
    fail(real);
    Plan plan = planner.plan(query(0, TALK), List.of(demo, real));
    assertThat(ids(plan)).containsExactly("gguf");
    assertThat(plan.reasons()).contains("There is only a model too small for instructions: gguf.");
    fail(demo);
    assertThat(planner.plan(query(0, TALK), List.of(demo)).candidates()).isEmpty();
    clock.seconds(10);
    assertThat(planner.plan(query(0, TALK), List.of(demo)).candidates())
        .containsExactly(new Plan.Candidate(demo.endpoint(), Tier.GOLD, true));
  }

  @Test
  void trial_goesFirstForThreeCalls() {
    Member one = member("one");
    Member two = member("two");
    List<Member> members = List.of(one, two);
    fail(one);
    assertThat(ids(planner.plan(query(0, TALK), members))).containsExactly("two");
    clock.seconds(10);
    for (int trial = 0; trial < 3; trial++) {
      Plan plan = planner.plan(query(0, Talk.NONE), members);
      assertThat(ids(plan)).containsExactly("one", "two");
      assertThat(plan.candidates().getFirst().trial()).isTrue();
      assertThat(plan.reasons())
          .contains("Endpoint one was down; this call finds out whether it is back.");
    }
    assertThat(ids(planner.plan(query(0, Talk.NONE), members))).containsExactly("two");
  }

  @Test
  void talk_keepsItsEndpointWhileItCanBeUsed() {
    List<Member> members = List.of(member("a"), member("b"), member("c"));
    String first = ids(planner.plan(query(0, TALK), members)).getFirst();
    Member kept = find(members, first);
    degrade(kept);
    assertThat(ids(planner.plan(query(0, TALK), members)).getFirst()).isEqualTo(first);
    Talk next = new Talk("w", "mara", "p1", "c1-next");
    assertThat(ids(planner.plan(query(0, next), members)).getLast()).isEqualTo(first);
    fail(kept);
    String second = ids(planner.plan(query(0, TALK), members)).getFirst();
    assertThat(second).isNotEqualTo(first);
    mend(kept);
    assertThat(ids(planner.plan(query(0, TALK), members)).getFirst()).isEqualTo(second);
  }

  @Test
  void namedEndpoint_goesBeforeAFoundOne() {
    List<Member> members = List.of(member("ollama", ALL, 0, Standing.FOUND), member("llm"));
    for (int talk = 0; talk < 20; talk++) {
      Plan plan = planner.plan(query(0, new Talk("w", "mara", "p", "c" + talk)), members);
      assertThat(ids(plan)).containsExactly("llm", "ollama");
    }
  }

  @Test
  void degradedSilver_sendsNewTalksToGoldThatIsUp() {
    Member silver = member("silver", EnumSet.of(Tier.SILVER), 0, Standing.NAMED);
    Member gold = member("gold", EnumSet.of(Tier.GOLD), 0, Standing.NAMED);
    assertThat(planner.plan(query(7_000, TALK), List.of(silver, gold)).tier())
        .isEqualTo(Tier.SILVER);
    degrade(silver);
    Talk next = new Talk("w", "mara", "p1", "c2");
    Plan plan = planner.plan(query(7_000, next), List.of(silver, gold));
    assertThat(plan.tier()).isEqualTo(Tier.GOLD);
    assertThat(plan.reasons())
        .containsExactly(
            "Importance 0.7000 lies between 0.65 and 0.75, because silver answers badly: gold.");
    assertThat(planner.plan(query(7_500, Talk.NONE), List.of(silver, gold)).tier())
        .isEqualTo(Tier.SILVER);
    assertThat(planner.plan(query(7_000, TALK), List.of(silver, gold)).tier())
        .isEqualTo(Tier.SILVER);
    Member both = member("both");
    degrade(both);
    assertThat(planner.plan(query(6_000, Talk.NONE), List.of(both)).tier()).isEqualTo(Tier.SILVER);
  }

  @Test
  void endpointOfWhichMoreIsKnown_keepsItsHealth() {
    Member one = member("one");
    fail(one);
    Member known = one.with(new Endpoint("one", ALL, 4_096, 8, Standing.NAMED));
    assertThat(known.endpoint().contextTokens()).isEqualTo(4_096);
    assertThat(known.health().now().state()).isEqualTo(HealthState.DOWN);
  }

  @Test
  void busyEndpoint_yieldsToTheNextOfItsRank() {
    List<Member> members = List.of(member("a"), member("b"), member("c"));
    String owner = ids(planner.plan(query(0, Talk.NONE, "prefix"), members)).getFirst();
    List<String> firsts = new ArrayList<>();
    for (int call = 0; call < 60; call++) {
      firsts.add(ids(planner.plan(query(0, Talk.NONE, "prefix"), members)).getFirst());
    }
    assertThat(firsts.getFirst()).isEqualTo(owner);
    assertThat(new HashSet<>(firsts)).hasSizeGreaterThan(1);
    assertThat(find(members, owner).inFlight()).isLessThan(61);
    clock.seconds(61);
    assertThat(find(members, owner).inFlight()).isZero();
    assertThat(ids(planner.plan(query(0, Talk.NONE, "prefix"), members)).getFirst())
        .isEqualTo(owner);
    find(members, owner).outcome(CallOutcome.ok(Duration.ZERO, Duration.ofSeconds(1)));
    assertThat(find(members, owner).inFlight()).isZero();
  }

  @Test
  void callsWithoutAKey_goWhereTheWaitIsShortest() {
    List<Member> members = List.of(member("a"), member("b"), member("c"), member("d"));
    Set<String> firsts = new HashSet<>();
    for (int call = 0; call < 4; call++) {
      firsts.add(ids(planner.plan(query(0, Talk.NONE), members)).getFirst());
    }
    assertThat(firsts).containsExactlyInAnyOrder("a", "b", "c", "d");
  }

  /// Importance that swings over both bands each second for ten minutes.
  @Property(tries = 50)
  void flappingImportance_changesTheTierAtMostOnce(
      @ForAll @IntRange(min = 4_400, max = 5_600) int first,
      @ForAll @Size(600) List<@IntRange(min = 4_400, max = 5_600) Integer> swings) {
    SteppedClock time = new SteppedClock();
    RoutePlanner one = new RoutePlanner(TierRules.STANDARD, Affinity.STANDARD, time);
    List<Member> members = List.of(proven(endpoint("llm"), time));
    Tier last = one.plan(query(first, TALK), members).tier();
    int changes = 0;
    for (int second = 0; second < 600; second++) {
      time.seconds(1);
      int importance = second % 3 == 0 ? swings.get(second) : (second % 2 == 0 ? 4_400 : 5_600);
      Tier tier = one.plan(query(importance, TALK), members).tier();
      changes += tier == last ? 0 : 1;
      last = tier;
    }
    assertThat(changes).isLessThanOrEqualTo(1);
  }

  @Property(tries = 200)
  void rendezvous_movesOnlyTheKeysOfTheEndpointThatGoes(
      @ForAll @IntRange(min = 2, max = 8) int count, @ForAll @IntRange(max = 7) int gone) {
    List<Member> all = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      all.add(member("e" + n));
    }
    List<Member> fewer = new ArrayList<>(all);
    Member left = fewer.remove(gone % count);
    for (int key = 0; key < 50; key++) {
      List<Member> before = Rendezvous.order("key" + key, all);
      List<Member> after = new ArrayList<>(before);
      after.remove(left);
      assertThat(Rendezvous.order("key" + key, fewer)).isEqualTo(after);
    }
  }

  @Test
  void rendezvous_sharesByWeight() {
    Member large = proven(new Endpoint("large", ALL, 0, 24, Standing.NAMED), clock);
    List<Member> members = List.of(large, member("small"));
    long wins = 0;
    for (int key = 0; key < 10_000; key++) {
      wins += Rendezvous.order("key" + key, members).getFirst() == large ? 1 : 0;
    }
    assertThat(wins).isBetween(7_300L, 7_700L);
  }

  @ParameterizedTest
  @CsvSource({
    "-.1, .55, .7, .2, 30, 600, 1",
    ".6, .55, .7, .2, 30, 600, 1",
    ".45, .75, .7, .2, 30, 600, 1",
    ".45, .55, 1.1, .2, 30, 600, 1",
    ".45, .55, .7, -.1, 30, 600, 1",
    ".45, .55, .7, .2, -1, 600, 1",
    ".45, .55, .7, .2, 30, 0, 1",
    ".45, .55, .7, .2, 30, 600, 0",
  })
  void rules_areChecked(
      double low, double high, double up, double degraded, long pin, long idle, int most) {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new TierRules(
                low, high, up, degraded, Duration.ofSeconds(pin), Duration.ofSeconds(idle), most));
  }

  @Test
  void otherRules_areChecked() {
    Duration time = Duration.ofSeconds(1);
    assertThatIllegalArgumentException().isThrownBy(() -> new Affinity(.9, time));
    assertThatIllegalArgumentException().isThrownBy(() -> new Affinity(1, time.negated()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Endpoint("x", ALL, 0, 0, Standing.NAMED));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Endpoint("x", ALL, -1, 1, Standing.NAMED));
  }

  private Tier tier(Query query) {
    return planner.plan(query, List.of(member("llm"))).tier();
  }

  private void fail(Member member) {
    for (int call = 0; call < 20; call++) {
      member.outcome(CallOutcome.without(Result.FAILED, Duration.ZERO));
    }
    assertThat(member.health().now().state()).isEqualTo(HealthState.DOWN);
  }

  private void mend(Member member) {
    clock.seconds(20);
    for (int trial = 0; trial < 2; trial++) {
      assertThat(member.health().takeTrial()).isTrue();
      member.outcome(CallOutcome.ok(Duration.ZERO, Duration.ZERO));
    }
    assertThat(member.health().now().state()).isEqualTo(HealthState.UP);
  }

  private static void degrade(Member member) {
    for (int call = 0; call < 40; call++) {
      member.outcome(
          call % 10 == 9
              ? CallOutcome.without(Result.FAILED, Duration.ZERO)
              : CallOutcome.ok(Duration.ZERO, Duration.ZERO));
    }
    assertThat(member.health().now().state()).isEqualTo(HealthState.DEGRADED);
  }

  private static Member find(List<Member> members, String id) {
    return members.stream()
        .filter(member -> member.endpoint().id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> ids(Plan plan) {
    return plan.candidates().stream().map(candidate -> candidate.endpoint().id()).toList();
  }

  private Member member(String id) {
    return proven(endpoint(id), clock);
  }

  private Member member(String id, Set<Tier> tiers, int context, Standing standing) {
    return proven(new Endpoint(id, tiers, context, 8, standing), clock);
  }

  private static Member proven(Endpoint endpoint, SteppedClock clock) {
    Member member = Member.begin(endpoint, HealthRules.STANDARD, clock);
    member.health().probeAnswered();
    return member;
  }

  private static Endpoint endpoint(String id) {
    return new Endpoint(id, ALL, 0, 8, Standing.NAMED);
  }

  private static Query query(int importance, Talk talk) {
    return query(importance, talk, "");
  }

  private static Query query(int importance, Talk talk, String key) {
    return new Query(
        Sla.INTERACTIVE,
        Optional.empty(),
        new Importance(importance),
        Optional.empty(),
        1_000,
        talk,
        key);
  }

  private static Query query(
      Sla sla, Optional<Tier> tier, int importance, String deadline, Talk talk) {
    return new Query(
        sla,
        tier,
        new Importance(importance),
        Optional.of(Duration.parse(deadline)),
        1_000,
        talk,
        "");
  }
}
