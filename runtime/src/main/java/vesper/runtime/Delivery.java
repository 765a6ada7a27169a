package vesper.runtime;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One delivery of an event by JetStream, and the answers to it. An answer that does not arrive has
/// the event delivered again.
///
/// @param seq number of the event in its stream
/// @param count how often it was delivered, this time included
/// @param key orders events
record Delivery(Message message, long seq, long count, String key) {
  static final String ID = "ce-id";
  static final String KEY = "ce-partitionkey";
  static final String REPLAY_FOR = "vesper-replay-for";

  static Delivery of(Message message) {
    String key = header(message, KEY);
    return new Delivery(
        message,
        message.metaData().streamSequence(),
        message.metaData().deliveredCount(),
        key == null ? "" : key);
  }

  static @Nullable String header(Message message, String name) {
    Headers headers = message.getHeaders();
    return headers == null ? null : headers.getFirst(name);
  }

  @Nullable String header(String name) {
    return header(message, name);
  }

  /// Whether a consumer shall handle it: a dead letter that is replayed is for one only.
  boolean isMeantFor(String consumer) {
    String only = header(REPLAY_FOR);
    return only == null || only.equals(consumer);
  }

  /// When the stream took the event.
  Instant stored() {
    return message.metaData().timestamp().toInstant();
  }

  /// It is done.
  void ack() {
    answer(message::ack);
  }

  /// It shall come again.
  void again(Duration delay) {
    answer(() -> message.nakWithDelay(delay));
  }

  /// It shall come again at once, wherever it is asked for.
  void giveBack() {
    answer(message::nak);
  }

  /// It shall not come again.
  void end() {
    answer(message::term);
  }

  /// It is waiting here, and shall not come again yet.
  void keep() {
    answer(message::inProgress);
  }

  private static void answer(Runnable how) {
    try {
      how.run();
    } catch (IllegalStateException closed) {
      // The connection is gone for good, and with it everybody who waited for the answer.
    }
  }
}
