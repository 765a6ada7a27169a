package vesper.bench;

import java.util.List;

/// One way to make a call.
///
/// @param name as it appears in the report
/// @param reference the variant whose throughput is 1
/// @param itemsPerOperation calls or tokens that one operation counts for
/// @param inFlight how many callers are measured, each waiting for its answer
/// @param operation one call or one stream, from begin to end
record Variant(
    String name,
    String reference,
    int itemsPerOperation,
    List<Integer> inFlight,
    Operation operation) {
  /// Calls in flight of unary variants.
  static final List<Integer> CALLS = List.of(1, 16, 128);

  /// Streams in flight of streaming variants.
  static final List<Integer> STREAMS = List.of(1, 16, 64);

  /// Tokens of one stream.
  static final int TOKENS = 100;

  /// Something to be timed.
  @FunctionalInterface
  interface Operation {
    /// Does it once as one of several callers, numbered from 0, and checks the answer.
    void run(int caller) throws Exception;
  }

  static Variant call(String name, Operation operation) {
    return new Variant(name, "raw-request", 1, CALLS, operation);
  }

  static Variant stream(String name, Operation operation) {
    return new Variant(name, "tokens-grpc", TOKENS, STREAMS, operation);
  }
}
