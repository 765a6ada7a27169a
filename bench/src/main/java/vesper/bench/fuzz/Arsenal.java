package vesper.bench.fuzz;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/// What all attacks need.
///
/// @param rpcs all that there are
record Arsenal(URI gateway, List<FuzzRpc> rpcs, Plausible plausible, Tokens tokens) {
  /// How long an answer may take: longer than the longest deadline of the gateway.
  static final Duration PATIENCE = Duration.ofSeconds(40);

  FuzzRpc any(RandomGenerator random) {
    return Oddities.pick(rpcs, random);
  }

  /// An rpc that the gateway offers.
  ///
  /// @param stream whether it must answer with a stream
  FuzzRpc overHttp(RandomGenerator random, boolean stream) {
    FuzzRpc rpc;
    do {
      rpc = any(random);
    } while (!rpc.overHttp() || (stream && !rpc.streams()));
    return rpc;
  }
}
