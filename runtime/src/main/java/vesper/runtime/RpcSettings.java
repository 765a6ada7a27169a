package vesper.runtime;

/// Bounds of the rpcs.
///
/// @param maxInFlight unary calls of one method that run at the same time; a further one is
///   RESOURCE_EXHAUSTED
/// @param maxStreams the same for a method that answers with a stream
record RpcSettings(@Setting("512") int maxInFlight, @Setting("5000") int maxStreams) {
  RpcSettings {
    if (maxInFlight < 1 || maxStreams < 1) {
      throw new IllegalArgumentException("max-in-flight and max-streams must be at least 1");
    }
  }
}
