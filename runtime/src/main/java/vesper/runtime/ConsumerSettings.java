package vesper.runtime;

import java.time.Duration;
import java.util.List;

/// How events are consumed.
///
/// @param ackWait after which a delivery without an answer is made again
/// @param maxDeliver failed deliveries after which an event becomes a dead letter; so do twice as
///   many deliveries in all, since not every delivery that comes to nothing is a failure
/// @param backoff pause after each failed delivery; the last one holds for all further
/// @param maxAckPending events of one consumer that are under way at a time
/// @param atOnce events that the process handles at a time
/// @param keep how long it is remembered that an event was handled
record ConsumerSettings(
    @Setting("30s") Duration ackWait,
    @Setting("5") int maxDeliver,
    @Setting("1s, 5s, 30s, 2m") List<Duration> backoff,
    @Setting("256") int maxAckPending,
    @Setting("8") int atOnce,
    @Setting("14d") Duration keep) {
  ConsumerSettings {
    backoff = List.copyOf(backoff);
    require(ackWait.toMillis() >= 100, "ack-wait must be at least 100ms");
    require(maxDeliver >= 1 && maxDeliver <= 100, "max-deliver must be 1 to 100");
    require(!backoff.isEmpty(), "backoff must have a duration");
    require(maxAckPending >= 1 && maxAckPending <= 10_000, "max-ack-pending must be 1 to 10000");
    require(atOnce >= 1 && atOnce <= 500, "at-once must be 1 to 500");
    require(keep.toHours() >= 1, "keep must be at least 1h");
  }

  /// The pause after a failed delivery.
  ///
  /// @param failures how many have failed, at least 1
  Duration pauseAfter(int failures) {
    return backoff.get(Math.clamp(failures - 1, 0, backoff.size() - 1));
  }

  /// Deliveries after which the server gives an event up: a process that stops gives deliveries
  /// back, and one that dies leaves them.
  int mostDeliveries() {
    return 2 * maxDeliver;
  }

  /// The longest time after which the server delivers an event again that it still has.
  Duration longestSilence() {
    return ackWait.plus(backoff.stream().max(Duration::compareTo).orElseThrow());
  }

  private static void require(boolean met, String rule) {
    if (!met) {
      throw new IllegalArgumentException(rule);
    }
  }
}
