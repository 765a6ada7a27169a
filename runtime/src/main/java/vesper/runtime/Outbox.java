package vesper.runtime;

import com.google.protobuf.Message;
import org.jdbi.v3.core.Handle;

/// Takes events in the transaction that changes the state, so that both commit together or not at
/// all. A relay publishes them to JetStream afterwards, in the order they were taken.
public interface Outbox {
  /// Takes an event under a new id.
  ///
  /// @param transaction the handle given by [Database#write]
  /// @param event a message with the option `vesper.options.v1.event` of this service's domain, at
  ///   most 256 KiB
  /// @param world the world it happened in, or `_`
  void publish(Handle transaction, Message event, String world);

  /// Takes an event under an id that the caller derived; an id that is already there is not taken
  /// again.
  ///
  /// @param eventId printable ASCII without blanks, at most 128 characters
  void publish(Handle transaction, Message event, String world, String eventId);
}
