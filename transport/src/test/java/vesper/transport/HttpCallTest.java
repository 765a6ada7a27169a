package vesper.transport;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

final class HttpCallTest extends CallContract {
  private static final int LIMIT = 1024 * 1024;

  /// The server is grpc's own.
  @Override
  Status.Code undecodable() {
    return Status.Code.UNKNOWN;
  }

  @Override
  Carrier carry(ServerServiceDefinition service) throws IOException {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .executor(Thread::startVirtualThread)
            .maxInboundMessageSize(LIMIT)
            .addService(ServerInterceptors.intercept(service, new StreamBackpressure()))
            .build()
            .start();
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
            .usePlaintext()
            .maxInboundMessageSize(LIMIT)
            .build();
    return new Carrier() {
      @Override
      public Channel channel() {
        return channel;
      }

      @Override
      public void close() {
        channel.shutdownNow();
        server.shutdownNow();
      }
    };
  }
}
