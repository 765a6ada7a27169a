package vesper.runtime;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/// A channel that exists before NATS was reached; until then its calls are UNAVAILABLE.
final class LateChannel extends Channel {
  private volatile @Nullable Channel target;

  void connect(Channel channel) {
    target = channel;
  }

  @Override
  public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
    Channel connected = target;
    return connected != null ? connected.newCall(method, options) : new Unreached<>();
  }

  @Override
  public String authority() {
    return "vesper";
  }

  private static final class Unreached<Q, A> extends ClientCall<Q, A> {
    @Override
    public void start(Listener<A> listener, Metadata headers) {
      listener.onClose(
          Status.UNAVAILABLE.withDescription("NATS has not been reached yet"), new Metadata());
    }

    @Override
    public void request(int messages) {}

    @Override
    public void cancel(@Nullable String message, @Nullable Throwable cause) {}

    @Override
    public void halfClose() {}

    @Override
    public void sendMessage(Q message) {}
  }
}
