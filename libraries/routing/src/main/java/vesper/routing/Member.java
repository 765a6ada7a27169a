package vesper.routing;

import java.time.InstantSource;

/// An endpoint with what is known of it: its health, and the calls that were sent to it from here
/// and have not been told about. Safe for several threads.
public final class Member {
  private final Endpoint endpoint;
  private final EndpointHealth health;
  private final Load load;

  private Member(Endpoint endpoint, EndpointHealth health, Load load) {
    this.endpoint = endpoint;
    this.health = health;
    this.load = load;
  }

  /// Begins with an endpoint that nothing is known of: it is DOWN until it answers a probe.
  public static Member begin(Endpoint endpoint, HealthRules rules, InstantSource clock) {
    return new Member(endpoint, new EndpointHealth(endpoint.id(), rules, clock), new Load(clock));
  }

  /// The same member, where more is known of the endpoint.
  public Member with(Endpoint known) {
    return new Member(known, health, load);
  }

  /// What it is.
  public Endpoint endpoint() {
    return endpoint;
  }

  /// How it is.
  public EndpointHealth health() {
    return health;
  }

  /// Calls under way. One that is never told about counts for a minute.
  public int inFlight() {
    return load.underWay();
  }

  /// Hears how a call went.
  public void outcome(CallOutcome outcome) {
    load.ended();
    health.outcome(outcome);
  }

  void dispatch() {
    load.began();
  }

  /// Seconds that a new call would wait for its turn.
  double waitSeconds() {
    double mean = health.now().meanTotal().map(time -> time.toNanos() / 1e9).orElse(1.0);
    return load.underWay() * mean / endpoint.slots();
  }
}
