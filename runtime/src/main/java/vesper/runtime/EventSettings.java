package vesper.runtime;

import java.time.Duration;

/// How events are kept.
///
/// @param profile SINGLE for one NATS server, CLUSTER for three replicas of each stream
/// @param poll how often a relay looks for events although nothing woke it
/// @param keep how long published events stay in the outbox
/// @param consumer how events are consumed
record EventSettings(
    @Setting("single") Profile profile,
    @Setting("5s") Duration poll,
    @Setting("24h") Duration keep,
    ConsumerSettings consumer) {
  EventSettings {
    if (poll.toMillis() < 10 || poll.toMinutes() > 1) {
      throw new IllegalArgumentException("poll must be 10ms to 1m");
    }
    if (keep.isNegative()) {
      throw new IllegalArgumentException("keep must not be negative");
    }
  }

  /// Sizes of streams.
  enum Profile {
    /// One replica, the sizes for one machine.
    SINGLE,
    /// Three replicas, the sizes for a cluster.
    CLUSTER
  }
}
