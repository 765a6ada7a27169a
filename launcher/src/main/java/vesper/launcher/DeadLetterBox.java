package vesper.launcher;

import com.google.protobuf.ByteString;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import vesper.runtime.Suggestions;

/// The dead letters of a system.
///
/// @param journal to which what becomes of letters is added
record DeadLetterBox(Connection nats, Path journal) {
  private static final String STREAM = "DLQ";
  private static final int NOT_FOUND = 404;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /// Returns all letters by id, without the bytes of their events.
  List<DeadLetter> list() throws IOException, JetStreamApiException, InterruptedException {
    List<DeadLetter> letters = new ArrayList<>();
    long count;
    try {
      count = nats.jetStreamManagement().getStreamInfo(STREAM).getStreamState().getMsgCount();
    } catch (JetStreamApiException e) {
      if (e.getErrorCode() == NOT_FOUND) {
        return letters;
      }
      throw e;
    }
    if (count == 0) {
      return letters;
    }
    JetStreamSubscription all =
        nats.jetStream()
            .subscribe(
                "dlq.>",
                PushSubscribeOptions.builder().stream(STREAM)
                    .ordered(true)
                    .configuration(ConsumerConfiguration.builder().headersOnly(true).build())
                    .build());
    try {
      while (letters.size() < count) {
        Message message = all.nextMessage(PATIENCE);
        if (message == null) {
          break;
        }
        letters.add(
            letter(message.metaData().streamSequence(), message.getHeaders(), ByteString.EMPTY));
      }
    } finally {
      all.unsubscribe();
    }
    return letters;
  }

  /// Returns the letters of one consumer, or fails when it is none that has any.
  List<DeadLetter> of(String consumer)
      throws IOException, JetStreamApiException, InterruptedException {
    List<DeadLetter> letters = list();
    List<DeadLetter> its =
        letters.stream().filter(letter -> letter.consumer().equals(consumer)).toList();
    if (its.isEmpty()) {
      List<String> known = letters.stream().map(DeadLetter::consumer).distinct().toList();
      throw new CommandFailure(
          "no dead letters of a consumer '%s'%s"
              .formatted(consumer, Suggestions.didYouMean(consumer, known)));
    }
    return its;
  }

  /// Returns a letter with its event, or fails.
  DeadLetter get(long id) throws IOException, JetStreamApiException {
    try {
      MessageInfo found = nats.jetStreamManagement().getMessage(STREAM, id);
      return letter(
          id,
          found.getHeaders(),
          ByteString.copyFrom(Objects.requireNonNullElse(found.getData(), new byte[0])));
    } catch (JetStreamApiException e) {
      if (e.getErrorCode() != NOT_FOUND) {
        throw e;
      }
      throw new CommandFailure(
          "there is no dead letter %d. ./vesper events dlq lists them".formatted(id));
    }
  }

  /// Publishes the event of a letter again, for its consumer, and removes the letter.
  void replay(DeadLetter letter) throws IOException, JetStreamApiException {
    nats.jetStream().publish(letter.replay());
    remove(letter, "replayed", "");
  }

  /// Removes a letter.
  void discard(DeadLetter letter, String reason) throws IOException, JetStreamApiException {
    remove(letter, "discarded", reason);
  }

  private void remove(DeadLetter letter, String how, String reason)
      throws IOException, JetStreamApiException {
    boolean removed = nats.jetStreamManagement().deleteMessage(STREAM, letter.id());
    String line =
        "%s %s letter=%d consumer=%s event=%s id=%s%s%n"
            .formatted(
                Instant.now(),
                removed ? how : how + " (it was gone already)",
                letter.id(),
                letter.consumer(),
                letter.event(),
                letter.eventId(),
                reason.isEmpty() ? "" : " reason=" + reason.replaceAll("\\p{Cntrl}+", " "));
    Files.writeString(journal, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static DeadLetter letter(long id, @Nullable Headers headers, ByteString data) {
    return new DeadLetter(id, Objects.requireNonNullElse(headers, new Headers()), data);
  }
}
