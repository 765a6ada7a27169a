package vesper.transport;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;

/// A channel that keeps calls in this JVM or sends them over NATS, call by call.
@SuppressWarnings("DoNotCallSuggester")
public final class RoutingChannel extends Channel {
  private RoutingChannel() {}

  /// Returns a channel that decides anew for every call.
  public static RoutingChannel of(
      Routing routing, LocalServices local, NatsChannel nats, Discovery discovery) {
    throw new UnsupportedOperationException(
        "" + routing + local.hashCode() + nats.hashCode() + discovery.hashCode());
  }

  @Override
  public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String authority() {
    throw new UnsupportedOperationException();
  }
}
