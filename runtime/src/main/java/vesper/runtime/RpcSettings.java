package vesper.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Bounds of the rpcs.
///
/// @param maxInFlight unary calls of one method that run at the same time; a further one is
///   RESOURCE_EXHAUSTED
/// @param maxStreams the same for a method that answers with a stream
/// @param bounds the same for single methods, as in `vesper.auth.v1.Auth/Login=16`; it goes before
///   the bound of the contract, which goes before the other two
/// @param keepAnswers how long the answer to a call with an idempotency key is given again
record RpcSettings(
    @Setting("512") int maxInFlight,
    @Setting("5000") int maxStreams,
    @Setting("") List<String> bounds,
    @Setting("24h") Duration keepAnswers) {
  private static final Pattern BOUND =
      Pattern.compile("(vesper\\.[a-z]+\\.v[0-9]+\\.\\w+/\\w+)=([1-9][0-9]{0,4})");

  RpcSettings {
    if (maxInFlight < 1 || maxStreams < 1) {
      throw new IllegalArgumentException("max-in-flight and max-streams must be at least 1");
    }
    bounds = List.copyOf(bounds);
    Set<String> rpcs = bounds.isEmpty() ? Set.of() : Contracts.rpcs();
    for (String bound : bounds) {
      Matcher named = BOUND.matcher(bound);
      if (!named.matches()) {
        throw new IllegalArgumentException(
            "bounds must be like vesper.auth.v1.Auth/Login=16, not '" + bound + "'");
      }
      String rpc = named.group(1);
      if (!rpcs.contains(rpc)) {
        throw new IllegalArgumentException(
            "bounds names '" + rpc + "', which is no rpc" + Suggestions.didYouMean(rpc, rpcs));
      }
    }
    if (keepAnswers.toMinutes() < 1) {
      throw new IllegalArgumentException("keep-answers must be at least 1m");
    }
  }

  /// How many calls of a method run at the same time.
  int bound(MethodPolicy method) {
    for (String bound : bounds) {
      Matcher named = BOUND.matcher(bound);
      if (named.matches() && named.group(1).equals(method.name())) {
        return Integer.parseInt(named.group(2));
      }
    }
    return method.maxInFlight().orElse(method.streams() ? maxStreams : maxInFlight);
  }
}
