package vesper.gateway;

import java.time.Duration;
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
/// @param streams streams at once; a further one gets 503
/// @param streamMax age at which a stream that named no deadline is ended
/// @param bodyTimeout time for the body to arrive; a slower one gets 408
/// @param heartbeat silence after which a stream of events gets a comment
/// @param stall time that a write may be blocked before its stream is ended
public record GatewayConfig(
    @Setting("127.0.0.1") String host,
    @Setting("8000") int port,
    @Setting("true") boolean docs,
    @Setting("256KiB") Bytes bodyMax,
    @Setting("16KiB") Bytes headersMax,
    @Setting("2KiB") Bytes pathMax,
    @Setting("1MiB") Bytes messageMax,
    @Setting("4096") int inflight,
    @Setting("5000") int streams,
    @Setting("24h") Duration streamMax,
    @Setting("10s") Duration bodyTimeout,
    @Setting("10s") Duration heartbeat,
    @Setting("5s") Duration stall) {
  /// Checks the bounds.
  public GatewayConfig {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be from 0 to 65535");
    }
    if (inflight < 1 || streams < 1) {
      throw new IllegalArgumentException("inflight and streams must be at least 1");
    }
    if (bodyMax.count() > messageMax.count()) {
      throw new IllegalArgumentException("body-max must not be larger than message-max");
    }
    if (!streamMax.isPositive()
        || !bodyTimeout.isPositive()
        || !heartbeat.isPositive()
        || !stall.isPositive()) {
      throw new IllegalArgumentException("times must be longer than nothing");
    }
  }
}
