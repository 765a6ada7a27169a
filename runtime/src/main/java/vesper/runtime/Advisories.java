package vesper.runtime;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullRequestOptions;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.MessageInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes the dead letters of events whose handlers gave no answer: when the process died or the
/// handler hung with each delivery, only the server knows, and it says so.
final class Advisories implements Worker {
  /// What the server publishes when it gives an event up; stream and consumer follow.
  static final String SUBJECT = "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.";

  private static final Logger LOG = LoggerFactory.getLogger(Advisories.class);
  private static final String STREAM = "ADVISORY";
  private static final String DURABLE = "runtime__advisory__max_deliveries";
  private static final int BATCH = 10;
  private static final int NOT_FOUND = 404;
  private static final int MAX_ACK_PENDING = 1_000;
  private static final Duration ACK_WAIT = Duration.ofSeconds(30);
  private static final Duration PULL = Duration.ofSeconds(5);
  private static final Duration SLICE = Duration.ofMillis(200);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final NatsLink nats;
  private final EventStreams streams;
  private final DeadLetters letters;

  Advisories(NatsLink nats, EventStreams streams, DeadLetters letters) {
    this.nats = nats;
    this.streams = streams;
    this.letters = letters;
  }

  @Override
  public String name() {
    return "advisories";
  }

  @Override
  public void run(Stopping stop) throws InterruptedException {
    try {
      read(nats.events().orElseThrow(), stop);
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      LOG.atDebug().setCause(e).log("No advisories");
      throw Refusal.unavailable(RETRY, "NATS hands out no advisories");
    }
  }

  private void read(Connection connection, Stopping stop)
      throws IOException, JetStreamApiException, InterruptedException {
    JetStreamManagement server = connection.jetStreamManagement();
    streams.reconcile(
        server,
        STREAM,
        ConsumerConfiguration.builder()
            .durable(DURABLE)
            .filterSubject(SUBJECT + ">")
            .ackPolicy(AckPolicy.Explicit)
            .ackWait(ACK_WAIT)
            .maxAckPending(MAX_ACK_PENDING)
            .build());
    JetStreamSubscription advisories =
        connection.jetStream().subscribe(null, PullSubscribeOptions.fastBind(STREAM, DURABLE));
    try {
      long end = System.nanoTime();
      int awaited = 0;
      while (!stop.requested()) {
        if (awaited == 0 || System.nanoTime() >= end) {
          awaited = BATCH;
          end = System.nanoTime() + PULL.toNanos();
          advisories.pull(PullRequestOptions.builder(BATCH).expiresIn(PULL).build());
        }
        Message advisory = advisories.nextMessage(SLICE);
        if (advisory != null) {
          awaited--;
          bury(server, advisory);
          advisory.ack();
        }
      }
    } finally {
      advisories.unsubscribe();
    }
  }

  private void bury(JetStreamManagement server, Message advisory)
      throws IOException, JetStreamApiException {
    DeadLetters.Failure failure;
    try {
      failure = failure(new String(advisory.getData(), StandardCharsets.UTF_8));
    } catch (JsonParseException | IllegalStateException | NullPointerException malformed) {
      LOG.atWarn().setCause(malformed).log("An advisory cannot be read");
      return;
    }
    if (!failure.consumer().contains("__")) {
      return;
    }
    try {
      MessageInfo event = server.getMessage(failure.stream(), failure.seq());
      letters.put(
          Objects.requireNonNull(event.getSubject()),
          event.getHeaders(),
          Objects.requireNonNullElse(event.getData(), new byte[0]),
          failure);
      LOG.atError()
          .addKeyValue("consumer", failure.consumer())
          .addKeyValue("seq", failure.seq())
          .log("An event became a dead letter because its handler gave no answer");
    } catch (JetStreamApiException e) {
      if (e.getErrorCode() != NOT_FOUND) {
        throw e;
      }
      LOG.atWarn()
          .addKeyValue("consumer", failure.consumer())
          .addKeyValue("seq", failure.seq())
          .log("An event was given up that its stream keeps no more");
    }
  }

  private static DeadLetters.Failure failure(String text) {
    JsonObject advisory = JsonParser.parseString(text).getAsJsonObject();
    long deliveries = advisory.get("deliveries").getAsLong();
    return new DeadLetters.Failure(
        advisory.get("stream").getAsString(),
        advisory.get("consumer").getAsString(),
        advisory.get("stream_seq").getAsLong(),
        deliveries,
        new ErrorText("NO_ANSWER", "no answer from the handler to " + deliveries + " deliveries"),
        Instant.now());
  }
}
