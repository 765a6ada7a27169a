package vesper.transport;

import io.nats.client.Connection;
import io.nats.client.Message;
import org.jspecify.annotations.Nullable;

/// Publishing on a NATS connection, whatever the state of the calling thread.
final class Wire {
  /// The code of the server's own answer to a request that nobody listens for.
  private static final int NO_RESPONDERS = 503;

  private Wire() {}

  /// Hands a message to the connection's writer.
  ///
  /// The client library drops a message silently when the calling thread is interrupted, so the
  /// interrupt is put aside meanwhile.
  ///
  /// @throws IllegalStateException when the connection is closed, away or its queue stays full
  /// @throws IllegalArgumentException when the server takes no message of this size any more
  static void publish(
      Connection connection,
      String subject,
      @Nullable String replyTo,
      @Nullable HeaderBlock headers,
      byte[] payload) {
    boolean interrupted = Thread.interrupted();
    try {
      connection.publish(subject, replyTo, headers, payload);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Returns whether a message is the server's word that nobody listens to a subject.
  static boolean isNoResponders(Message message) {
    return message.isStatusMessage() && message.getStatus().getCode() == NO_RESPONDERS;
  }
}
