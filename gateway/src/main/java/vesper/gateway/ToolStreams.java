package vesper.gateway;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.concurrent.Semaphore;

/// Bounds the streams that belong to no contract: those of health and reflection.
final class ToolStreams implements ServerInterceptor {
  private static final int MOST = 256;

  private final Semaphore places = new Semaphore(MOST);

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (call.getMethodDescriptor().getType().serverSendsOneMessage()) {
      return next.startCall(call, headers);
    }
    if (!places.tryAcquire()) {
      call.close(
          Status.RESOURCE_EXHAUSTED.withDescription("too many tools are connected"),
          new Metadata());
      return new ServerCall.Listener<>() {};
    }
    try {
      return new Place<>(next.startCall(call, headers));
    } catch (RuntimeException e) {
      places.release();
      throw e;
    }
  }

  /// Gives the place back at the end, which is told once.
  private final class Place<Q> extends SimpleForwardingServerCallListener<Q> {
    Place(ServerCall.Listener<Q> handler) {
      super(handler);
    }

    @Override
    public void onCancel() {
      places.release();
      super.onCancel();
    }

    @Override
    public void onComplete() {
      places.release();
      super.onComplete();
    }
  }
}
