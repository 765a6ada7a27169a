package vesper.gateway;

import java.time.Duration;
import java.util.List;
import vesper.runtime.Bytes;
import vesper.runtime.Setting;

/// Settings of the edge, keys `vesper.gateway.*`.
///
/// @param host address to listen on; the loopback address unless told
/// @param port port to listen on; 0 takes a free one
/// @param docs whether the list of routes, the page that tries them and the document of OpenAPI are
///   served
/// @param bodyMax largest body of an HTTP/JSON request; a larger one gets 413
/// @param headersMax largest sum of header fields; more gets 431
/// @param pathMax longest path with query; a longer one gets 414
/// @param messageMax largest message over gRPC
/// @param inflight calls at once, streams not counted; a further one gets 503
/// @param inflightEach calls of one caller at once; a further one gets 429
/// @param streams streams at once; a further one gets 503
/// @param streamsEach streams of one caller at once; a further one gets 429
/// @param rate how often callers may call
/// @param streamMax age at which a stream that named no deadline is ended
/// @param bodyTimeout time for the head of a request to arrive, and then for its body; a slower
///   body gets 408
/// @param heartbeat silence after which a stream of events gets a comment
/// @param stall time that a write may be blocked before its stream is ended
/// @param connections connections at once; a further one is closed
/// @param idle time after which a connection without a request is closed
/// @param trustedProxies addresses and networks whose `X-Forwarded-For` is believed
/// @param cors which pages of other origins may call
public record GatewayConfig(
    @Setting("127.0.0.1") String host,
    @Setting("8000") int port,
    @Setting("true") boolean docs,
    @Setting("256KiB") Bytes bodyMax,
    @Setting("16KiB") Bytes headersMax,
    @Setting("2KiB") Bytes pathMax,
    @Setting("1MiB") Bytes messageMax,
    @Setting("4096") int inflight,
    @Setting("32") int inflightEach,
    @Setting("5000") int streams,
    @Setting("8") int streamsEach,
    RateConfig rate,
    @Setting("24h") Duration streamMax,
    @Setting("10s") Duration bodyTimeout,
    @Setting("10s") Duration heartbeat,
    @Setting("5s") Duration stall,
    @Setting("16384") int connections,
    @Setting("60s") Duration idle,
    @Setting("") List<String> trustedProxies,
    CorsConfig cors) {
  /// Checks the bounds.
  public GatewayConfig {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be from 0 to 65535");
    }
    if (inflight < 1 || inflightEach < 1 || streams < 1 || streamsEach < 1 || connections < 1) {
      throw new IllegalArgumentException("inflight, streams and connections must be at least 1");
    }
    trustedProxies = List.copyOf(trustedProxies);
    trustedProxies.forEach(Addresses::range);
    if (bodyMax.count() > messageMax.count()) {
      throw new IllegalArgumentException("body-max must not be larger than message-max");
    }
    if (!streamMax.isPositive()
        || !bodyTimeout.isPositive()
        || !heartbeat.isPositive()
        || !stall.isPositive()
        || !idle.isPositive()) {
      throw new IllegalArgumentException("times must be longer than nothing");
    }
  }
}
