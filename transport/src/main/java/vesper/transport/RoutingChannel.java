package vesper.transport;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.grpc.Status;

/// A channel that keeps calls in this JVM or sends them over NATS, call by call.
public final class RoutingChannel extends Channel {
  private final Routing routing;
  private final LocalServices local;
  private final NatsChannel nats;
  private final Discovery discovery;

  private RoutingChannel(
      Routing routing, LocalServices local, NatsChannel nats, Discovery discovery) {
    this.routing = routing;
    this.local = local;
    this.nats = nats;
    this.discovery = discovery;
  }

  /// Returns a channel that decides anew for every call.
  public static RoutingChannel of(
      Routing routing, LocalServices local, NatsChannel nats, Discovery discovery) {
    return new RoutingChannel(routing, local, nats, discovery);
  }

  @Override
  public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
    return switch (routing) {
      case NATS -> nats.newCall(method, options);
      case LOCAL ->
          local.serves(method.getFullMethodName())
              ? local.channel().newCall(method, options)
              : absent(method);
      case AUTO ->
          staysLocal(method)
              ? local.channel().newCall(method, options)
              : nats.newCall(method, options);
    };
  }

  private boolean staysLocal(MethodDescriptor<?, ?> method) {
    if (!local.serves(method.getFullMethodName())) {
      return false;
    }
    for (String instance : discovery.serving(nats.route(method).domain())) {
      if (!local.holds(instance)) {
        return false;
      }
    }
    return true;
  }

  private static <Q, A> ClientCall<Q, A> absent(MethodDescriptor<Q, A> method) {
    return new FailedCall<>(
        Status.UNAVAILABLE.withDescription(
            "%s is not served in this process".formatted(method.getFullMethodName())),
        Refusal.trailers(Refusal.NO_RESPONDERS));
  }

  @Override
  public String authority() {
    return nats.authority();
  }
}
