package vesper.runtime;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DeliverPolicy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// Finds the events of a consumer that were delivered, to whomever, and will come again: those that
/// are neither handled nor dead letters.
record Pending(Connection connection, Consumption<?> consumption) {
  private static final int MOST = 10_000;
  private static final Duration LOOK = Duration.ofSeconds(1);

  Collection<Delivery> find() throws IOException, JetStreamApiException, InterruptedException {
    ConsumerInfo info =
        connection
            .jetStreamManagement()
            .getConsumerInfo(consumption.stream(), consumption.durable());
    if (info.getNumAckPending() == 0) {
      return List.of();
    }
    Map<String, Delivery> found =
        delivered(
            info.getAckFloor().getStreamSequence() + 1, info.getDelivered().getStreamSequence());
    Set<String> handled =
        consumption
            .database()
            .read("inbox.find", tx -> consumption.inbox().handled(tx, found.keySet()));
    found.keySet().removeAll(handled);
    if (!found.isEmpty()) {
      Instant first =
          found.values().stream().map(Delivery::stored).min(Instant::compareTo).orElseThrow();
      Set<Long> buried = buriedSince(first);
      found.values().removeIf(delivery -> buried.contains(delivery.seq()));
    }
    return found.values();
  }

  private Map<String, Delivery> delivered(long from, long to)
      throws IOException, JetStreamApiException, InterruptedException {
    Map<String, Delivery> found = new HashMap<>();
    read(
        consumption.stream(),
        consumption.filter(),
        ConsumerConfiguration.builder()
            .deliverPolicy(DeliverPolicy.ByStartSequence)
            .startSequence(from),
        message -> {
          Delivery delivery = Delivery.of(message);
          String id = delivery.header(Delivery.ID);
          if (delivery.seq() <= to && id != null && delivery.isMeantFor(consumption.durable())) {
            found.put(id, delivery);
          }
          return delivery.seq() < to && found.size() < MOST;
        });
    return found;
  }

  private Set<Long> buriedSince(Instant time)
      throws IOException, JetStreamApiException, InterruptedException {
    Set<Long> buried = new HashSet<>();
    read(
        DeadLetters.STREAM,
        DeadLetters.subject(consumption.stream(), consumption.durable()),
        ConsumerConfiguration.builder()
            .deliverPolicy(DeliverPolicy.ByStartTime)
            .startTime(time.atZone(ZoneOffset.UTC)),
        letter -> {
          DeadLetters.seq(letter).ifPresent(buried::add);
          return buried.size() < MOST;
        });
    return buried;
  }

  /// Reads the headers of what a stream has now, until there is no more or enough.
  private void read(
      String stream,
      String filter,
      ConsumerConfiguration.Builder from,
      Predicate<Message> wantsMore)
      throws IOException, JetStreamApiException, InterruptedException {
    JetStreamSubscription messages =
        connection
            .jetStream()
            .subscribe(
                filter,
                PushSubscribeOptions.builder().stream(stream)
                    .ordered(true)
                    .configuration(from.headersOnly(true).build())
                    .build());
    try {
      ConsumerInfo info = messages.getConsumerInfo();
      long left = info.getNumPending() + info.getDelivered().getConsumerSequence();
      boolean more = true;
      while (more && left > 0) {
        Message message = messages.nextMessage(LOOK);
        if (message == null) {
          throw new IOException("NATS did not send all that it has of " + filter);
        }
        more = wantsMore.test(message);
        left--;
      }
    } finally {
      messages.unsubscribe();
    }
  }
}
