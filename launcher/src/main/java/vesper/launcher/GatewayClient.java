package vesper.launcher;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.util.concurrent.TimeUnit;

/// A gRPC connection to the gateway.
final class GatewayClient implements AutoCloseable {
  static final Metadata.Key<String> AUTHORIZATION = key("authorization");
  static final Metadata.Key<String> TRACEPARENT = key("traceparent");
  static final Metadata.Key<String> IDEMPOTENCY_KEY = key("idempotency-key");

  private final ManagedChannel channel;

  GatewayClient(URI gateway) {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(gateway.getHost(), gateway.getPort())
            .maxInboundMessageSize(1 << 20);
    channel =
        gateway.getScheme().equals("https")
            ? builder.useTransportSecurity().build()
            : builder.usePlaintext().build();
  }

  /// Returns the connection without a token.
  Channel anonymous() {
    return channel;
  }

  /// Returns the connection with a token in every call.
  Channel as(String token) {
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + token);
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /// Call options with a deadline.
  static CallOptions within(int seconds) {
    return CallOptions.DEFAULT.withDeadlineAfter(seconds, TimeUnit.SECONDS);
  }

  static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
