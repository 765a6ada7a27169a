package vesper.runtime;

import java.time.Duration;

/// Bounds of the rpcs.
///
/// @param maxInFlight unary calls of one method that run at the same time; a further one is
///   RESOURCE_EXHAUSTED
/// @param maxStreams the same for a method that answers with a stream
/// @param keepAnswers how long the answer to a call with an idempotency key is given again
record RpcSettings(
    @Setting("512") int maxInFlight,
    @Setting("5000") int maxStreams,
    @Setting("24h") Duration keepAnswers) {
  RpcSettings {
    if (maxInFlight < 1 || maxStreams < 1) {
      throw new IllegalArgumentException("max-in-flight and max-streams must be at least 1");
    }
    if (keepAnswers.toMinutes() < 1) {
      throw new IllegalArgumentException("keep-answers must be at least 1m");
    }
  }
}
