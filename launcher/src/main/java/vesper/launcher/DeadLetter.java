package vesper.launcher;

import com.google.protobuf.ByteString;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// An event that a consumer could not handle, as the stream DLQ keeps it.
///
/// @param id its number in that stream
/// @param data the event's bytes; empty where only the headers were read
record DeadLetter(long id, Headers headers, ByteString data) {
  static final String REPLAY_FOR = "vesper-replay-for";
  private static final String REPLAYS = "vesper-replays";
  private static final String PREFIX = "vesper-dlq-";

  String consumer() {
    return known("consumer");
  }

  /// The subject under which the event was published.
  String subject() {
    return known("subject");
  }

  /// The stream in which the event was, and its number there.
  String place() {
    return known("stream") + " " + known("seq");
  }

  String error() {
    return known("error");
  }

  String errorText() {
    return URLDecoder.decode(known("error-text").replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  String deliveries() {
    return known("deliveries");
  }

  String firstFailedAt() {
    return known("first-failed-at");
  }

  String eventId() {
    return text("ce-id");
  }

  /// What kind of event it is, as in `evt.world.flag_changed`.
  String event() {
    String[] parts = subject().split("\\.", -1);
    return parts.length < 3 ? subject() : String.join(".", parts[0], parts[1], parts[2]);
  }

  String world() {
    return text("ce-worldid");
  }

  /// How often it was replayed and failed again.
  int replays() {
    String count = text(REPLAYS);
    return count.matches("[0-9]{1,6}") ? Integer.parseInt(count) : 0;
  }

  /// Returns the event as it was published first.
  Message original() {
    return message(event(false));
  }

  /// Returns the event for its consumer alone. Its message id is new with each letter, and the same
  /// for the same letter.
  Message replay() {
    Headers replayed = event(true);
    replayed.put(REPLAY_FOR, consumer());
    replayed.put(REPLAYS, Integer.toString(replays() + 1));
    replayed.put("Nats-Msg-Id", "rp:" + id + ":" + eventId());
    return message(replayed);
  }

  private Message message(Headers with) {
    return NatsMessage.builder().subject(subject()).headers(with).data(data.toByteArray()).build();
  }

  private Headers event(boolean traced) {
    Headers kept = new Headers();
    headers.forEach((name, values) -> {
      boolean own = name.startsWith("ce-") || name.equals("content-type");
      if (own || (traced && name.equals("traceparent"))) {
        kept.add(name, values);
      }
    });
    return kept;
  }

  private String known(String name) {
    return text(PREFIX + name);
  }

  private String text(String name) {
    return Objects.requireNonNullElse(headers.getFirst(name), "");
  }
}
