package vesper.routing;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The health of one endpoint, from what is told about calls and probes. Safe for several threads.
///
/// UP → DEGRADED: 5 % of at least 20 calls in 30 s failed, or the 95th percentile of the time to
/// the first token of at least 5 calls has been above 1.5 times its target for 15 s. Back: for 30 s
/// at most 2 % failed and the percentile was at most 1.1 times the target.
///
/// → DOWN: the breaker opens, or three probes in a row fail. The way back is told at [Outage].
///
/// It begins DOWN, and is UP with the first probe that is answered.
public final class EndpointHealth {
  private static final int FAILED_PROBES = 3;
  private static final double BAD_RATE = .05;
  private static final double GOOD_RATE = .02;
  private static final int ENOUGH_CALLS = 20;
  private static final int ENOUGH_TIMES = 5;
  private static final double SLOW = 1.5;
  private static final double QUICK = 1.1;
  private static final double FAR_TOO_SLOW = 2;
  private static final Duration SLOW_FOR = Duration.ofSeconds(15);
  private static final Duration GOOD_FOR = Duration.ofSeconds(30);
  private static final Duration RELAPSE_WITHIN = Duration.ofSeconds(60);
  private static final Duration LEAST_COOLING = Duration.ofSeconds(1);
  private static final Duration MOST_COOLING = Duration.ofSeconds(30);
  private static final Duration BETWEEN_JUDGEMENTS = Duration.ofSeconds(1);

  private final HealthRules rules;
  private final InstantSource clock;
  private final CircuitBreaker breaker;
  private final RecentCalls recent = new RecentCalls();
  private HealthState state = HealthState.DOWN;
  private String cause = "It has not answered a probe yet.";
  private boolean proven;
  private Instant since;
  private Instant judgedAt;
  private Instant coolingUntil = Instant.MIN;
  private Instant backAt = Instant.MIN;
  private Optional<Duration> firstTokenP95 = Optional.empty();
  private @Nullable Instant slowSince;
  private @Nullable Instant goodSince;
  private @Nullable Outage outage;
  private int failedProbes;
  private int relapses;

  /// Begins with an endpoint that nothing is known of.
  public EndpointHealth(String id, HealthRules rules, InstantSource clock) {
    this.rules = rules;
    this.clock = clock;
    since = clock.instant();
    judgedAt = since;
    breaker = CircuitBreaker.of(id, breaker(rules, clock));
  }

  /// Hears how a call went.
  public synchronized void outcome(CallOutcome outcome) {
    Instant now = clock.instant();
    if (outcome.result() == CallOutcome.Result.THROTTLED) {
      Duration asked = outcome.retryAfter().orElse(LEAST_COOLING);
      Instant until = now.plus(clamp(asked, LEAST_COOLING, MOST_COOLING));
      coolingUntil = until.isAfter(coolingUntil) ? until : coolingUntil;
    }
    // A call without a first token says nothing about speed.
    Duration took = outcome.firstToken().orElse(Duration.ZERO);
    boolean slow = rules.exceeds(took, FAR_TOO_SLOW);
    if (outage != null) {
      Outage current = outage;
      settle(current.outcome(outcome, slow, now.minus(outcome.total())), now);
      return;
    }
    if (!proven || !outcome.counts()) {
      return;
    }
    recent.add(now, outcome);
    if (outcome.result() == CallOutcome.Result.OK) {
      breaker.onSuccess(took.toNanos(), TimeUnit.NANOSECONDS);
    } else {
      breaker.onError(took.toNanos(), TimeUnit.NANOSECONDS, new CallFailed());
    }
    if (breaker.getState() == CircuitBreaker.State.OPEN) {
      CircuitBreaker.Metrics metrics = breaker.getMetrics();
      boolean failing = metrics.getFailureRate() >= rules.failed() * 100;
      goDown(
          failing
              ? "Of its last %d calls %d failed."
                  .formatted(metrics.getNumberOfBufferedCalls(), metrics.getNumberOfFailedCalls())
              : "Of its last %d calls %d were far too slow."
                  .formatted(metrics.getNumberOfBufferedCalls(), metrics.getNumberOfSlowCalls()),
          now);
      return;
    }
    judge(now);
  }

  /// Hears that a probe was answered.
  public synchronized void probeAnswered() {
    Instant now = clock.instant();
    failedProbes = 0;
    if (!proven) {
      proven = true;
      become(HealthState.UP, "", now);
    } else if (outage == null) {
      judge(now);
    } else {
      settle(outage.probe(true, now), now);
    }
  }

  /// Hears that a probe failed.
  ///
  /// @param why a clause, as in `no connection`
  public synchronized void probeFailed(String why) {
    Instant now = clock.instant();
    failedProbes++;
    if (!proven) {
      cause = "It has not answered a probe yet: " + why + ".";
    } else if (outage != null) {
      settle(outage.probe(false, now), now);
    } else if (failedProbes >= FAILED_PROBES) {
      goDown("Three probes in a row failed: " + why + ".", now);
    } else {
      judge(now);
    }
  }

  /// How it is now.
  public synchronized Health now() {
    Instant now = clock.instant();
    if (proven && outage == null && !now.isBefore(judgedAt.plus(BETWEEN_JUDGEMENTS))) {
      judge(now);
    }
    recent.forgetBefore(now);
    return new Health(
        state,
        cause,
        since,
        recent.count(),
        recent.failures(),
        recent.count() == 0 ? Optional.empty() : firstTokenP95,
        now.isBefore(coolingUntil) ? Optional.of(coolingUntil) : Optional.empty(),
        recent.meanTotal());
  }

  /// Whether the endpoint is DOWN and a call may find out whether it is back.
  public synchronized boolean trialDue() {
    return outage != null && outage.trialDue(clock.instant());
  }

  /// Takes such a call; false when none is due.
  public synchronized boolean takeTrial() {
    if (outage == null || !outage.trialDue(clock.instant())) {
      return false;
    }
    outage.takeTrial(clock.instant());
    return true;
  }

  private void settle(Outage.Verdict verdict, Instant now) {
    switch (verdict) {
      case LASTS -> {}
      case OVER -> {
        outage = null;
        backAt = now;
        breaker.reset();
        recent.clear();
        firstTokenP95 = Optional.empty();
        slowSince = null;
        become(HealthState.UP, "", now);
      }
      case AGAIN -> {
        relapses++;
        outage = new Outage(now, pause(relapses), failedProbes > 0);
      }
    }
  }

  private void goDown(String why, Instant now) {
    relapses = backAt.isAfter(now.minus(RELAPSE_WITHIN)) ? relapses + 1 : 0;
    outage = new Outage(now, pause(relapses), failedProbes > 0);
    become(HealthState.DOWN, why, now);
  }

  private Duration pause(int relapse) {
    Duration pause = rules.pause();
    for (int n = 0; n < relapse && pause.compareTo(rules.longestPause()) < 0; n++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(rules.longestPause()) > 0 ? rules.longestPause() : pause;
  }

  /// Decides between UP and DEGRADED.
  private void judge(Instant now) {
    recent.forgetBefore(now);
    if (!now.isBefore(judgedAt.plus(BETWEEN_JUDGEMENTS))) {
      judgedAt = now;
      firstTokenP95 = recent.firstTokenP95();
    }
    boolean isSlow = exceeds(SLOW);
    slowSince = isSlow ? (slowSince == null ? now : slowSince) : null;
    boolean isGood = recent.failureRate() <= GOOD_RATE && !exceeds(QUICK);
    goodSince = isGood ? (goodSince == null ? now : goodSince) : null;
    if (state == HealthState.UP) {
      boolean failing = recent.count() >= ENOUGH_CALLS && recent.failureRate() >= BAD_RATE;
      if (failing) {
        become(
            HealthState.DEGRADED,
            "%d of %d calls failed within 30 s.".formatted(recent.failures(), recent.count()),
            now);
      } else if (slowSince != null && !now.isBefore(slowSince.plus(SLOW_FOR))) {
        become(HealthState.DEGRADED, "First tokens have been slow for 15 s.", now);
      }
    } else if (goodSince != null && !now.isBefore(goodSince.plus(GOOD_FOR))) {
      become(HealthState.UP, "", now);
    }
  }

  private boolean exceeds(double factor) {
    return recent.count() >= ENOUGH_TIMES
        && firstTokenP95.filter(time -> rules.exceeds(time, factor)).isPresent();
  }

  private void become(HealthState next, String why, Instant now) {
    state = next;
    cause = why;
    since = now;
  }

  private static Duration clamp(Duration time, Duration least, Duration most) {
    if (time.compareTo(least) < 0) {
      return least;
    }
    return time.compareTo(most) > 0 ? most : time;
  }

  private static CircuitBreakerConfig breaker(HealthRules rules, InstantSource clock) {
    CircuitBreakerConfig.Builder config =
        CircuitBreakerConfig.custom()
            .clock(clock.withZone(ZoneOffset.UTC))
            .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
            .slidingWindowSize(rules.window())
            .minimumNumberOfCalls(rules.least())
            .failureRateThreshold((float) (rules.failed() * 100))
            .slowCallRateThreshold((float) (rules.slow() * 100));
    rules
        .target()
        .ifPresent(
            target -> config.slowCallDurationThreshold(target.multipliedBy((long) FAR_TOO_SLOW)));
    return config.build();
  }

  /// Tells the breaker of a failed call; nobody sees it.
  private static final class CallFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    CallFailed() {
      super("The call failed", null, false, false);
    }
  }
}
