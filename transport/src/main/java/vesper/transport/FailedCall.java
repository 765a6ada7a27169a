package vesper.transport;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/// A call that ends as soon as it starts.
final class FailedCall<Q, A> extends ClientCall<Q, A> {
  private final Status status;
  private final Metadata trailers;

  FailedCall(Status status) {
    this(status, new Metadata());
  }

  FailedCall(Status status, Metadata trailers) {
    this.status = status;
    this.trailers = trailers;
  }

  @Override
  public void start(Listener<A> listener, Metadata headers) {
    listener.onClose(status, trailers);
  }

  @Override
  public void request(int numMessages) {}

  @Override
  public void cancel(@Nullable String message, @Nullable Throwable cause) {}

  @Override
  public void halfClose() {}

  @Override
  public void sendMessage(Q message) {}
}
