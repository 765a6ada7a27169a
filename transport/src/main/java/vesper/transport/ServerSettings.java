package vesper.transport;

import io.nats.client.Connection;

/// What all calls of one server share.
///
/// @param heartbeatNanos how long a stream may be silent before it says that it lives
/// @param foreignTimeoutNanos the deadline of calls whose caller names none
record ServerSettings(
    Connection connection,
    TransportCounters counters,
    Sweeper sweeper,
    Admission admission,
    long heartbeatNanos,
    long foreignTimeoutNanos) {

  /// Returns the largest payload that fits, headers and framing included.
  int maxPayload() {
    return (int) Math.min(Integer.MAX_VALUE, connection.getMaxPayload());
  }
}
