package vesper.transport;

import io.grpc.Channel;

/// Something that carries calls between a service and its callers, in a test.
interface Carrier extends AutoCloseable {
  Channel channel();

  @Override
  void close();
}
