package vesper.transport;

import io.grpc.Channel;
import io.grpc.ServerServiceDefinition;
import java.util.List;

final class InProcessCallTest extends CallContract {
  @Override
  Carrier carry(ServerServiceDefinition service) {
    LocalServices local = LocalServices.create();
    local.add("only", List.of(service));
    return new Carrier() {
      @Override
      public Channel channel() {
        return local.channel();
      }

      @Override
      public void close() {
        local.close();
      }
    };
  }
}
