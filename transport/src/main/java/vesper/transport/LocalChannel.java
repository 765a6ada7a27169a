package vesper.transport;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The in-process channel with the rules that calls over NATS have: a deadline, a largest message,
/// no streams of requests.
final class LocalChannel extends Channel {
  private final Channel transport;
  private final long defaultNanos;
  private final int maxMessageBytes;

  LocalChannel(Channel transport, long defaultNanos, int maxMessageBytes) {
    this.transport = transport;
    this.defaultNanos = defaultNanos;
    this.maxMessageBytes = maxMessageBytes;
  }

  @Override
  public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
    if (!method.getType().clientSendsOneMessage()) {
      return new FailedCall<>(
          Status.UNIMPLEMENTED.withDescription(
              "%s takes a stream of requests, which is not carried over NATS"
                  .formatted(method.getFullMethodName())));
    }
    CallOptions bounded =
        options.getDeadline() == null && Context.current().getDeadline() == null
            ? options.withDeadlineAfter(defaultNanos, TimeUnit.NANOSECONDS)
            : options;
    return new Bounded<>(transport.newCall(method, bounded), method, maxMessageBytes);
  }

  @Override
  public String authority() {
    return transport.authority();
  }

  /// Ends a call whose request would not fit into a NATS message.
  private static final class Bounded<Q, A> extends SimpleForwardingClientCall<Q, A> {
    private final MethodDescriptor<Q, A> method;
    private final int maxMessageBytes;
    private @Nullable Verdict<A> verdict;

    Bounded(ClientCall<Q, A> call, MethodDescriptor<Q, A> method, int maxMessageBytes) {
      super(call);
      this.method = method;
      this.maxMessageBytes = maxMessageBytes;
    }

    @Override
    public void start(Listener<A> listener, Metadata headers) {
      Verdict<A> own = new Verdict<>(listener);
      verdict = own;
      super.start(own, headers);
    }

    @Override
    public void sendMessage(Q message) {
      int size = Payload.size(method.getRequestMarshaller(), message);
      if (size <= maxMessageBytes) {
        super.sendMessage(message);
      } else if (verdict != null) {
        verdict.refused =
            Status.RESOURCE_EXHAUSTED.withDescription(
                "a request of %d bytes is larger than the %d that fit"
                    .formatted(size, maxMessageBytes));
        super.cancel("the request is too large", null);
      }
    }

    @Override
    public void halfClose() {
      if (verdict == null || verdict.refused == null) {
        super.halfClose();
      }
    }
  }

  /// Puts the reason for a refused request in place of the cancellation that carried it out.
  private static final class Verdict<A> extends SimpleForwardingClientCallListener<A> {
    private volatile @Nullable Status refused;

    Verdict(ClientCall.Listener<A> listener) {
      super(listener);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      Status own = refused;
      super.onClose(own == null ? status : own, trailers);
    }
  }
}
