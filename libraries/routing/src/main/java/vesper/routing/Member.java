package vesper.routing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;

/// An endpoint with what is known of it: its health, and the calls that were sent to it from here
/// and have not been told about. Safe for several threads.
public final class Member {
  private static final int MOST_CALLS = 10_000;
  private static final Duration CALL_LASTS = Duration.ofSeconds(60);

  private final Endpoint endpoint;
  private final EndpointHealth health;
  private final InstantSource clock;
  private final Deque<Instant> dispatched = new ArrayDeque<>();

  /// Makes a member that nothing is known of.
  public Member(Endpoint endpoint, HealthRules rules, InstantSource clock) {
    this.endpoint = endpoint;
    this.health = new EndpointHealth(endpoint.id(), rules, clock);
    this.clock = clock;
  }

  /// What it is.
  public Endpoint endpoint() {
    return endpoint;
  }

  /// How it is.
  public EndpointHealth health() {
    return health;
  }

  /// Hears how a call went.
  public void outcome(CallOutcome outcome) {
    synchronized (dispatched) {
      dispatched.pollFirst();
    }
    health.outcome(outcome);
  }

  /// Calls under way. One that is never told about counts for a minute.
  public int inFlight() {
    Instant oldest = clock.instant().minus(CALL_LASTS);
    synchronized (dispatched) {
      while (!dispatched.isEmpty() && dispatched.getFirst().isBefore(oldest)) {
        dispatched.removeFirst();
      }
      return dispatched.size();
    }
  }

  void dispatch() {
    synchronized (dispatched) {
      if (dispatched.size() == MOST_CALLS) {
        dispatched.removeFirst();
      }
      dispatched.addLast(clock.instant());
    }
  }

  /// Seconds that a new call would wait for its turn.
  double waitSeconds() {
    double mean = health.now().meanTotal().map(time -> time.toNanos() / 1e9).orElse(1.0);
    return inFlight() * mean / endpoint.slots();
  }
}
