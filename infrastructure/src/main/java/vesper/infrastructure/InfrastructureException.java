package vesper.infrastructure;

import org.jspecify.annotations.Nullable;

/// A server could not be found, started or stopped; the message tells a person what to do next.
public final class InfrastructureException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// A failure whose message stands alone.
  public InfrastructureException(String message) {
    super(message);
  }

  /// A failure caused by another one.
  public InfrastructureException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
