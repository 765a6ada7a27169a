package vesper.runtime;

import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Puts events that a consumer could not handle into the stream DLQ, each once: with its own
/// headers and bytes, and what is known of the failure.
record DeadLetters(EventPublisher publisher) {
  /// The stream of the dead letters.
  static final String STREAM = "DLQ";

  private static final String PREFIX = "vesper-dlq-";
  private static final String SEQ = "seq";

  /// Where the dead letters of a consumer are.
  static String subject(String stream, String consumer) {
    return "dlq." + stream + "." + consumer;
  }

  /// The number in its stream of the event that a letter is about.
  static Optional<Long> seq(Message letter) {
    return Optional.ofNullable(Delivery.header(letter, PREFIX + SEQ)).map(Long::valueOf);
  }

  /// A delivery that was the last.
  ///
  /// @param deliveries how many there were
  /// @param firstFailed when one failed first, as far as that is known
  record Failure(
      String stream,
      String consumer,
      long seq,
      long deliveries,
      ErrorText error,
      Instant firstFailed) {}

  /// Returns when the letter is stored.
  void put(String subject, @Nullable Headers headers, byte[] data, Failure failure)
      throws IOException, JetStreamApiException {
    Headers all = new Headers();
    if (headers != null) {
      headers.forEach((name, values) -> {
        if (!name.startsWith("Nats-") && !name.startsWith(PREFIX)) {
          all.add(name, values);
        }
      });
    }
    Map.of(
            "subject",
            subject,
            "stream",
            failure.stream(),
            "consumer",
            failure.consumer(),
            SEQ,
            Long.toString(failure.seq()),
            "deliveries",
            Long.toString(failure.deliveries()),
            "error",
            failure.error().code(),
            "error-text",
            EventType.encode(failure.error().text()),
            "first-failed-at",
            failure.firstFailed().toString())
        .forEach((name, value) -> all.put(PREFIX + name, value));
    String place = failure.stream() + ":" + failure.consumer() + ":" + failure.seq();
    all.put("Nats-Msg-Id", "dlq:" + place);
    Message letter =
        NatsMessage.builder()
            .subject(subject(failure.stream(), failure.consumer()))
            .headers(all)
            .data(data)
            .build();
    publisher.publish(letter);
  }
}
