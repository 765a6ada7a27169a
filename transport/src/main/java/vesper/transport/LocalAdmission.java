package vesper.transport;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/// Counts in-process calls with those that came over NATS, and holds their answers to the same
/// size.
record LocalAdmission(Admission admission, int maxMessageBytes) implements ServerInterceptor {

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (!admission.enter()) {
      call.close(
          Status.RESOURCE_EXHAUSTED.withDescription("the service runs as many calls as it may"),
          Refusal.trailers(Refusal.LIMIT));
      return new ServerCall.Listener<>() {};
    }
    ServerCall.Listener<Q> handler;
    try {
      handler = next.startCall(new Bounded<>(call, maxMessageBytes), headers);
    } catch (RuntimeException | Error e) {
      admission.exit();
      throw e;
    }
    return new SimpleForwardingServerCallListener<>(handler) {
      private boolean undecodable;

      @Override
      public void onMessage(@Nullable Q message) {
        if (message == null) {
          undecodable = true;
          call.close(
              Status.INVALID_ARGUMENT.withDescription("the request could not be decoded"),
              new Metadata());
        } else {
          super.onMessage(message);
        }
      }

      @Override
      public void onHalfClose() {
        if (!undecodable) {
          super.onHalfClose();
        }
      }

      @Override
      public void onComplete() {
        try {
          super.onComplete();
        } finally {
          admission.exit();
        }
      }

      @Override
      public void onCancel() {
        try {
          super.onCancel();
        } finally {
          admission.exit();
        }
      }
    };
  }

  /// Ends a call whose answer would not fit into a NATS message.
  private static final class Bounded<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final int maxMessageBytes;
    private boolean refused;

    Bounded(ServerCall<Q, A> call, int maxMessageBytes) {
      super(call);
      this.maxMessageBytes = maxMessageBytes;
    }

    @Override
    public void sendMessage(A message) {
      int size = Payload.size(getMethodDescriptor().getResponseMarshaller(), message);
      if (size > maxMessageBytes) {
        refused = true;
        super.close(
            Status.RESOURCE_EXHAUSTED.withDescription(
                "an answer of %d bytes is larger than the %d that fit"
                    .formatted(size, maxMessageBytes)),
            new Metadata());
      } else if (refused) {
        throw Status.CANCELLED.withDescription("nobody waits for this stream").asRuntimeException();
      } else {
        super.sendMessage(message);
      }
    }

    @Override
    public void close(Status status, Metadata trailers) {
      if (!refused) {
        super.close(status, trailers);
      }
    }
  }
}
