package vesper.runtime;

import com.google.protobuf.Message;

/// Sends events to whoever listens at the moment; nothing is kept and nothing is confirmed.
public interface LiveEvents {
  /// Sends a message with the option `vesper.options.v1.event {live: true}` as
  /// `live.<domain>.<name>.v1.<world>`. While NATS is away the event is dropped.
  void publish(Message event, String world);
}
