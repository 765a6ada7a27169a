package vesper.runtime;

import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import java.io.IOException;

/// Stores one event in its stream.
@FunctionalInterface
interface EventPublisher {
  /// Returns when the stream has acknowledged the event, for the first time or as a duplicate.
  void publish(Message event) throws IOException, JetStreamApiException;
}
