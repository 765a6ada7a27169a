package vesper.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import vesper.routing.CallOutcome.Result;

class EndpointHealthTest {
  private static final Duration QUICK = Duration.ofMillis(100);
  private static final Duration TOTAL = Duration.ofMillis(500);

  private final SteppedClock clock = new SteppedClock();
  private final EndpointHealth health = health(clock);

  @Test
  void endpoint_isDownUntilItAnswersAProbe() {
    EndpointHealth fresh = new EndpointHealth("x", HealthRules.STANDARD, clock);
    assertThat(fresh.now().state()).isEqualTo(HealthState.DOWN);
    assertThat(fresh.now().cause()).isEqualTo("It has not answered a probe yet.");
    for (int call = 0; call < 30; call++) {
      fresh.outcome(CallOutcome.ok(QUICK, TOTAL));
      fresh.probeFailed("no connection");
    }
    clock.seconds(60);
    assertThat(fresh.now().state()).isEqualTo(HealthState.DOWN);
    assertThat(fresh.now().cause()).isEqualTo("It has not answered a probe yet: no connection.");
    assertThat(fresh.trialDue()).isFalse();
    fresh.probeAnswered();
    assertThat(fresh.now().state()).isEqualTo(HealthState.UP);
  }

  @Test
  void endpointThatIsUp_hasNoTrials() {
    assertThat(health.now().state()).isEqualTo(HealthState.UP);
    assertThat(health.now().cause()).isEmpty();
    assertThat(health.trialDue()).isFalse();
    assertThat(health.takeTrial()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"FAILED", "TIMEOUT"})
  void fiveFailedCalls_bringItDown(Result result) {
    calls(result, 4);
    assertThat(state()).isEqualTo(HealthState.UP);
    calls(result, 1);
    assertThat(state()).isEqualTo(HealthState.DOWN);
    assertThat(health.now().cause()).isEqualTo("Of its last 5 calls 5 failed.");
  }

  @ParameterizedTest
  @EnumSource(names = {"REFUSED", "CANCELLED", "THROTTLED"})
  void whatIsNotItsFault_countsNeitherWay(Result result) {
    calls(result, 100);
    assertThat(state()).isEqualTo(HealthState.UP);
    assertThat(health.now().calls()).isZero();
  }

  @Test
  void halfOfTwentyCalls_bringsItDown() {
    for (int call = 0; call < 11; call++) {
      ok(QUICK);
    }
    calls(Result.FAILED, 9);
    assertThat(state()).isNotEqualTo(HealthState.DOWN);
    calls(Result.FAILED, 1);
    assertThat(state()).isEqualTo(HealthState.DOWN);
  }

  @Test
  void callsSlowerThanTwiceTheTarget_bringItDown() {
    ok(QUICK);
    for (int call = 0; call < 4; call++) {
      ok(Duration.ofMillis(501));
    }
    assertThat(state()).isEqualTo(HealthState.DOWN);
    assertThat(health.now().cause()).isEqualTo("Of its last 5 calls 4 were far too slow.");
  }

  @Test
  void longCallsWithoutAFirstToken_areNotSlow() {
    for (int call = 0; call < 50; call++) {
      health.outcome(CallOutcome.without(Result.OK, Duration.ofSeconds(20)));
    }
    assertThat(state()).isEqualTo(HealthState.UP);
  }

  @Test
  void withoutTarget_slowCallsAreFine() {
    EndpointHealth patient = new EndpointHealth("x", HealthRules.STANDARD, clock);
    patient.probeAnswered();
    for (int call = 0; call < 50; call++) {
      patient.outcome(CallOutcome.ok(Duration.ofSeconds(20), Duration.ofSeconds(30)));
      clock.seconds(1);
      assertThat(patient.now().state()).isEqualTo(HealthState.UP);
    }
  }

  @Test
  void threeFailedProbesInARow_bringItDown() {
    probes(false, 2);
    probes(true, 1);
    probes(false, 2);
    assertThat(state()).isEqualTo(HealthState.UP);
    probes(false, 1);
    assertThat(state()).isEqualTo(HealthState.DOWN);
    assertThat(health.now().cause()).isEqualTo("Three probes in a row failed: no connection.");
  }

  @Test
  void unreachable_isBackAfterTheWaitAndTwoGoodProbes() {
    probes(false, 3);
    probes(true, 4);
    assertThat(state()).isEqualTo(HealthState.DOWN);
    assertThat(health.trialDue()).isFalse();
    probes(true, 1);
    assertThat(state()).isEqualTo(HealthState.UP);
    assertThat(health.now().cause()).isEmpty();
  }

  @Test
  void failingProbes_keepCallsAway() {
    probes(false, 3);
    clock.seconds(30);
    assertThat(health.trialDue()).isFalse();
    probes(true, 1);
    assertThat(state()).isEqualTo(HealthState.DOWN);
    assertThat(health.trialDue()).isTrue();
    probes(true, 1);
    assertThat(state()).isEqualTo(HealthState.UP);
  }

  @Test
  void threeTrialsAreGiven_twoGoodOnesEndTheOutage() {
    calls(Result.FAILED, 5);
    clock.advance(Duration.ofMillis(9_999));
    assertThat(health.takeTrial()).isFalse();
    clock.advance(Duration.ofMillis(1));
    assertThat(List.of(health.takeTrial(), health.takeTrial(), health.takeTrial()))
        .containsOnly(true);
    assertThat(health.takeTrial()).isFalse();
    clock.seconds(1);
    ok(QUICK);
    assertThat(state()).isEqualTo(HealthState.DOWN);
    calls(Result.FAILED, 1);
    assertThat(state()).isEqualTo(HealthState.DOWN);
    ok(QUICK);
    assertThat(state()).isEqualTo(HealthState.UP);
    assertThat(health.now().calls()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"0, 10", "1, 20", "2, 40", "3, 60", "4, 60"})
  void trialsInVain_doubleTheWait(int vain, long seconds) {
    calls(Result.FAILED, 5);
    for (int round = 0; round < vain; round++) {
      clock.seconds(60);
      failTrials();
    }
    clock.advance(Duration.ofSeconds(seconds).minusMillis(1));
    assertThat(health.trialDue()).isFalse();
    clock.advance(Duration.ofMillis(1));
    assertThat(health.trialDue()).isTrue();
  }

  @Test
  void relapse_withinAMinute_doublesTheWait() {
    calls(Result.FAILED, 5);
    clock.seconds(10);
    passTrials();
    assertThat(state()).isEqualTo(HealthState.UP);
    clock.seconds(30);
    calls(Result.FAILED, 5);
    clock.seconds(19);
    assertThat(health.trialDue()).isFalse();
    clock.seconds(1);
    passTrials();
    clock.seconds(61);
    calls(Result.FAILED, 5);
    clock.seconds(10);
    assertThat(health.trialDue()).isTrue();
  }

  @Test
  void trial_thatIsNeverToldAbout_isGivenAgain() {
    calls(Result.FAILED, 5);
    clock.seconds(10);
    for (int trial = 0; trial < 3; trial++) {
      assertThat(health.takeTrial()).isTrue();
    }
    clock.seconds(29);
    assertThat(health.trialDue()).isFalse();
    clock.seconds(1);
    assertThat(health.trialDue()).isTrue();
  }

  @Test
  void callsFromBeforeTheOutage_areNoTrials() {
    calls(Result.FAILED, 5);
    clock.seconds(10);
    assertThat(health.takeTrial()).isTrue();
    health.outcome(CallOutcome.without(Result.FAILED, Duration.ofSeconds(10)));
    health.outcome(CallOutcome.without(Result.FAILED, Duration.ofSeconds(10)));
    assertThat(health.takeTrial()).isTrue();
  }

  @Test
  void slowTrial_isABadOne() {
    calls(Result.FAILED, 5);
    clock.seconds(10);
    for (int trial = 0; trial < 2; trial++) {
      assertThat(health.takeTrial()).isTrue();
      health.outcome(CallOutcome.ok(Duration.ofMillis(600), Duration.ZERO));
    }
    assertThat(state()).isEqualTo(HealthState.DOWN);
    assertThat(health.trialDue()).isFalse();
  }

  @Test
  void cancelledTrial_isGivenAgain() {
    calls(Result.FAILED, 5);
    clock.seconds(10);
    for (int trial = 0; trial < 10; trial++) {
      assertThat(health.takeTrial()).isTrue();
      health.outcome(CallOutcome.without(Result.CANCELLED, Duration.ZERO));
    }
    passTrials();
    assertThat(state()).isEqualTo(HealthState.UP);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "7, 7", "30, 30", "3600, 30"})
  void throttled_coolsDownWithinBounds(long asked, long given) {
    health.outcome(CallOutcome.throttled(Duration.ofSeconds(asked)));
    assertThat(health.now().coolingUntil())
        .contains(clock.instant().plus(Duration.ofSeconds(given)));
    assertThat(state()).isEqualTo(HealthState.UP);
    clock.seconds(given);
    assertThat(health.now().coolingUntil()).isEmpty();
  }

  @Test
  void shorterRetryAfter_doesNotShortenTheCooling() {
    health.outcome(CallOutcome.throttled(Duration.ofSeconds(20)));
    health.outcome(CallOutcome.without(Result.THROTTLED, Duration.ZERO));
    clock.seconds(19);
    assertThat(health.now().coolingUntil()).isPresent();
  }

  @Test
  void fivePercentErrors_degradeAndThirtyGoodSecondsMend() {
    for (int call = 0; call < 38; call++) {
      ok(QUICK);
    }
    calls(Result.FAILED, 1);
    assertThat(state()).isEqualTo(HealthState.UP);
    calls(Result.FAILED, 1);
    assertThat(state()).isEqualTo(HealthState.DEGRADED);
    assertThat(health.now().cause()).isEqualTo("2 of 40 calls failed within 30 s.");
    assertThat(health.now().failures()).isEqualTo(2);
    clock.seconds(31);
    assertThat(state()).isEqualTo(HealthState.DEGRADED);
    for (int second = 0; second < 29; second++) {
      clock.seconds(1);
      ok(QUICK);
    }
    assertThat(state()).isEqualTo(HealthState.DEGRADED);
    clock.seconds(1);
    assertThat(state()).isEqualTo(HealthState.UP);
  }

  @Test
  void slowFirstTokens_forFifteenSeconds_degrade() {
    for (int second = 0; second < 15; second++) {
      ok(Duration.ofMillis(400));
      ok(Duration.ofMillis(400));
      clock.seconds(1);
    }
    assertThat(state()).isEqualTo(HealthState.UP);
    assertThat(health.now().firstTokenP95()).contains(Duration.ofMillis(400));
    for (int second = 0; second < 5; second++) {
      ok(Duration.ofMillis(400));
      clock.seconds(1);
    }
    assertThat(state()).isEqualTo(HealthState.DEGRADED);
    for (int second = 0; second < 65; second++) {
      ok(Duration.ofMillis(260));
      clock.seconds(1);
    }
    assertThat(state()).isEqualTo(HealthState.UP);
  }

  /// A rate between the two marks changes nothing, whatever the state was.
  @Property(tries = 60)
  void errorRate_swingingBetweenThreeAndFourPercent_neverLeavesItsState(
      @ForAll boolean degraded, @ForAll @IntRange(min = 0, max = 24) int phase) {
    SteppedClock time = new SteppedClock();
    EndpointHealth one = health(time);
    for (int call = 0; call < 1_000; call++) {
      one.outcome(degraded && call % 10 == 9 ? failed() : CallOutcome.ok(QUICK, TOTAL));
      time.advance(Duration.ofMillis(25));
    }
    HealthState before = one.now().state();
    assertThat(before).isEqualTo(degraded ? HealthState.DEGRADED : HealthState.UP);
    for (int call = phase; call < 24_000; call++) {
      // 40 calls a second; each 10 s every 25th fails, then every 33rd.
      int every = call / 400 % 2 == 0 ? 25 : 33;
      one.outcome(call % every == every - 1 ? failed() : CallOutcome.ok(QUICK, TOTAL));
      time.advance(Duration.ofMillis(25));
      assertThat(one.now().state()).isEqualTo(before);
    }
  }

  /// However long an endpoint is dead, it goes down once and comes back once.
  @Property(tries = 60)
  void deathAndReturn_areOneStepEach(@ForAll @IntRange(min = 12, max = 120) int deadSeconds) {
    SteppedClock time = new SteppedClock();
    EndpointHealth one = health(time);
    List<HealthState> states = new ArrayList<>(List.of(one.now().state()));
    for (int second = 0; second < 300; second++) {
      boolean dead = second >= 30 && second < 30 + deadSeconds;
      if (second % 2 == 0) {
        probe(one, !dead);
      }
      for (int call = 0; call < 4; call++) {
        if (one.now().state() != HealthState.DOWN || one.takeTrial()) {
          one.outcome(dead ? failed() : CallOutcome.ok(QUICK, QUICK));
        }
        HealthState state = one.now().state();
        if (state != HealthState.DEGRADED && state != states.getLast()) {
          states.add(state);
        }
        time.advance(Duration.ofMillis(250));
      }
    }
    assertThat(states).containsExactly(HealthState.UP, HealthState.DOWN, HealthState.UP);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, .5, .8, 10, 60",
    "5, 6, .5, .8, 10, 60",
    "20, 0, .5, .8, 10, 60",
    "20, 5, 0, .8, 10, 60",
    "20, 5, 1.1, .8, 10, 60",
    "20, 5, .5, 0, 10, 60",
    "20, 5, .5, 1.1, 10, 60",
    "20, 5, .5, .8, 0, 60",
    "20, 5, .5, .8, 10, 9",
  })
  void rules_areChecked(
      int window, int least, double failed, double slow, long pause, long longest) {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new HealthRules(
                Optional.empty(),
                window,
                least,
                failed,
                slow,
                Duration.ofSeconds(pause),
                Duration.ofSeconds(longest)));
  }

  private HealthState state() {
    return health.now().state();
  }

  private void ok(Duration firstToken) {
    health.outcome(CallOutcome.ok(firstToken, Duration.ZERO));
  }

  private void calls(Result result, int count) {
    for (int call = 0; call < count; call++) {
      health.outcome(CallOutcome.without(result, Duration.ZERO));
    }
  }

  private void probes(boolean answered, int count) {
    for (int probe = 0; probe < count; probe++) {
      clock.seconds(2);
      probe(health, answered);
    }
  }

  private static void probe(EndpointHealth health, boolean answered) {
    if (answered) {
      health.probeAnswered();
    } else {
      health.probeFailed("no connection");
    }
  }

  private void passTrials() {
    for (int trial = 0; trial < 2; trial++) {
      assertThat(health.takeTrial()).isTrue();
      ok(QUICK);
    }
  }

  private void failTrials() {
    for (int trial = 0; trial < 2; trial++) {
      assertThat(health.takeTrial()).isTrue();
      calls(Result.FAILED, 1);
    }
  }

  private static CallOutcome failed() {
    return CallOutcome.without(Result.FAILED, Duration.ZERO);
  }

  private static EndpointHealth health(SteppedClock clock) {
    EndpointHealth health =
        new EndpointHealth("x", HealthRules.STANDARD.withTarget(Duration.ofMillis(250)), clock);
    health.probeAnswered();
    return health;
  }
}
