package vesper.transport;

import io.grpc.Metadata;
import io.grpc.Status;

/// The mark of a call that no handler ever saw, which may therefore be sent again whatever its
/// method does.
public final class Refusal {
  /// The trailer that carries the reason, for example `no-responders`.
  public static final Metadata.Key<String> KEY =
      Metadata.Key.of("vesper-refused", Metadata.ASCII_STRING_MARSHALLER);

  private Refusal() {}

  /// Returns whether a failed call was never accepted.
  public static boolean isRefused(Throwable failure) {
    Metadata trailers = Status.trailersFromThrowable(failure);
    return trailers != null && trailers.containsKey(KEY);
  }
}
