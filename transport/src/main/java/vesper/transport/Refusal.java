package vesper.transport;

import io.grpc.Metadata;
import io.grpc.Status;

/// The mark of a call that no handler ever saw, which may therefore be sent again whatever its
/// method does.
public final class Refusal {
  /// The trailer that carries the reason.
  public static final Metadata.Key<String> KEY =
      Metadata.Key.of("vesper-refused", Metadata.ASCII_STRING_MARSHALLER);

  /// Nobody listens to the method's subject.
  public static final String NO_RESPONDERS = "no-responders";

  /// The caller or the service has as many calls open as it may.
  public static final String LIMIT = "limit";

  /// The request was never sent because the connection is away.
  public static final String DISCONNECTED = "disconnected";

  private Refusal() {}

  /// Returns whether a failed call was never accepted.
  ///
  /// @param failure what a stub threw
  public static boolean isRefused(Throwable failure) {
    Metadata trailers = Status.trailersFromThrowable(failure);
    return trailers != null && isRefused(trailers);
  }

  /// Returns whether the call that ended with these trailers was never accepted.
  public static boolean isRefused(Metadata trailers) {
    return trailers.containsKey(KEY);
  }

  static Metadata trailers(String reason) {
    Metadata trailers = new Metadata();
    trailers.put(KEY, reason);
    return trailers;
  }
}
