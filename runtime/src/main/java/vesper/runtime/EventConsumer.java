package vesper.runtime;

import com.google.protobuf.Message;

/// What a service does with the events of one type, of its own or another domain.
///
/// @param type the default instance of a message with the option `vesper.options.v1.event`
/// @param handler makes the effect
public record EventConsumer<E extends Message>(E type, EventHandler<E> handler) {
  /// Checks that the message is an event that is kept.
  public EventConsumer {
    if (EventType.of(type.getDescriptorForType()).live()) {
      throw new IllegalArgumentException(
          type.getDescriptorForType().getFullName() + " is declared live and is not kept");
    }
  }

  EventType eventType() {
    return EventType.of(type.getDescriptorForType());
  }

  /// The name of the durable consumer of a service, as in `npc-behavior__time__day_changed`.
  String durable(String service) {
    return service + "__" + eventType().domain() + "__" + eventType().name();
  }
}
