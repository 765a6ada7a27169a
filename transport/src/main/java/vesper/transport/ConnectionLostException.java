package vesper.transport;

import java.io.IOException;

/// The cause in the status of a call that ended because its own connection to NATS was lost: that
/// tells nothing about the service that was called.
public final class ConnectionLostException extends IOException {
  private static final long serialVersionUID = 1;

  /// Makes one, without a stack trace.
  public ConnectionLostException() {
    super("the connection to NATS was lost");
  }

  /// One loss ends thousands of calls, and where it was noticed is always the same place.
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
