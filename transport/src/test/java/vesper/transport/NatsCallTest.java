package vesper.transport;

import io.grpc.Channel;
import io.grpc.ServerServiceDefinition;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.testing.NatsExtension;
import vesper.testing.TestNats;

@ExtendWith(NatsExtension.class)
final class NatsCallTest extends CallContract {
  private final TestNats nats;

  NatsCallTest(TestNats nats) {
    this.nats = nats;
  }

  @Override
  Carrier carry(ServerServiceDefinition service) {
    Nodes nodes = new Nodes(nats.url());
    nodes.start(service);
    NatsChannel channel = nodes.channel();
    return new Carrier() {
      @Override
      public Channel channel() {
        return channel;
      }

      @Override
      public void close() {
        nodes.close();
      }
    };
  }

  @Override
  int mostProduced() {
    return SendWindow.SIZE + 1;
  }
}
