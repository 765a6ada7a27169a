package vesper.runtime;

import com.google.gson.JsonParser;
import com.google.protobuf.Message;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamSubscription;
import io.nats.client.PullRequestOptions;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.Subscription;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DeliverPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Fetches the events of one consumer, at the one process that holds its lease: so events of a key
/// keep their order whatever replicas there are.
///
/// The server would hand out newer events before those that a dead process had taken. A new holder
/// therefore looks up what is not done with and keeps its place.
final class ConsumerLoop<E extends Message> implements Leases.Work {
  private static final Logger LOG = LoggerFactory.getLogger(ConsumerLoop.class);
  private static final int HELD = 64;
  private static final Duration PULL = Duration.ofSeconds(1);
  private static final Duration GRACE = Duration.ofMillis(20);
  private static final Duration FULL = Duration.ofMillis(10);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration LAST = Duration.ofSeconds(3);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final long FORGET_NANOS = Duration.ofHours(1).toNanos();

  private final Consumption<E> consumption;
  private final NatsLink nats;
  private final EventStreams streams;
  private final Semaphore permits;
  private long looked;
  private long forgot = System.nanoTime() - FORGET_NANOS;

  /// @param permits bounds how many events the process handles at a time
  ConsumerLoop(Consumption<E> consumption, NatsLink nats, EventStreams streams, Semaphore permits) {
    this.consumption = consumption;
    this.nats = nats;
    this.streams = streams;
    this.permits = permits;
  }

  @Override
  public void run(Lease lease, Stopping stop) throws InterruptedException {
    try {
      consume(nats.events().orElseThrow(), lease, stop);
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      LOG.atDebug().setCause(e).addKeyValue("consumer", consumption.durable()).log("No events");
      throw Refusal.unavailable(RETRY, "NATS hands out no events of " + consumption.type());
    }
  }

  private void consume(Connection connection, Lease lease, Stopping stop)
      throws IOException, JetStreamApiException, InterruptedException {
    JetStreamManagement server = connection.jetStreamManagement();
    streams.reconcile(server, consumption.stream(), declared());
    Lanes lanes = new Lanes(new Handling<>(consumption, lease, stop, permits));
    Subscription advisories =
        connection.subscribe(
            Advisories.SUBJECT + consumption.stream() + "." + consumption.durable());
    JetStreamSubscription events =
        connection
            .jetStream()
            .subscribe(
                null, PullSubscribeOptions.fastBind(consumption.stream(), consumption.durable()));
    try {
      new Pending(connection, consumption)
          .find()
          .forEach(delivery -> lanes.expect(delivery.key(), delivery.seq()));
      while (!stop.requested()) {
        look(server, advisories, lanes);
        forget(lease);
        int room = HELD - lanes.waiting();
        if (room <= 0) {
          lanes.keep(keepEvery());
          stop.await(FULL);
        } else {
          receive(events, lanes, room);
        }
      }
    } finally {
      lanes.close(LAST).forEach(Delivery::giveBack);
      events.unsubscribe();
      advisories.unsubscribe();
      connection.flushBuffer();
    }
  }

  private void receive(JetStreamSubscription events, Lanes lanes, int room)
      throws InterruptedException {
    events.pull(PullRequestOptions.builder(room).expiresIn(PULL).build());
    long end = System.nanoTime() + PULL.plus(GRACE).toNanos();
    int received = 0;
    for (long left = end - System.nanoTime();
        left > 0 && received < room;
        left = end - System.nanoTime()) {
      io.nats.client.Message message =
          events.nextMessage(Duration.ofNanos(Math.min(left, keepEvery().toNanos())));
      if (message != null) {
        received++;
        lanes.take(Delivery.of(message));
      }
      lanes.keep(keepEvery());
    }
  }

  /// Learns what the server has given up, and gives up waiting for it.
  private void look(JetStreamManagement server, Subscription advisories, Lanes lanes)
      throws InterruptedException {
    io.nats.client.Message given = advisories.nextMessage(Duration.ofNanos(1));
    while (given != null) {
      String text = new String(given.getData(), StandardCharsets.UTF_8);
      lanes.remove(JsonParser.parseString(text).getAsJsonObject().get("stream_seq").getAsLong());
      given = advisories.nextMessage(Duration.ofNanos(1));
    }
    if (System.nanoTime() - looked < LOOK.toNanos() || !lanes.awaits()) {
      return;
    }
    looked = System.nanoTime();
    try {
      ConsumerInfo info = server.getConsumerInfo(consumption.stream(), consumption.durable());
      long floor =
          info.getNumAckPending() == 0
              ? info.getDelivered().getStreamSequence()
              : info.getAckFloor().getStreamSequence();
      Duration longest = consumption.settings().longestSilence().multipliedBy(2);
      for (long seq : lanes.giveUp(floor, longest)) {
        LOG.atWarn()
            .addKeyValue("consumer", consumption.durable())
            .addKeyValue("seq", seq)
            .log("An event was not delivered again in time; those behind it go on");
      }
    } catch (IOException | JetStreamApiException away) {
      LOG.atDebug().setCause(away).log("Not known what is pending");
    }
  }

  private void forget(Lease lease) {
    if (System.nanoTime() - forgot < FORGET_NANOS) {
      return;
    }
    boolean more =
        consumption
            .database()
            .write(
                "inbox.forget",
                transaction -> {
                  lease.check(transaction);
                  return consumption.inbox().forget(transaction, consumption.settings().keep());
                });
    if (!more) {
      forgot = System.nanoTime();
    }
  }

  private Duration keepEvery() {
    return consumption.settings().ackWait().dividedBy(3);
  }

  private ConsumerConfiguration declared() {
    ConsumerSettings settings = consumption.settings();
    return ConsumerConfiguration.builder()
        .durable(consumption.durable())
        .filterSubject(consumption.filter())
        .deliverPolicy(DeliverPolicy.All)
        .ackPolicy(AckPolicy.Explicit)
        .ackWait(settings.ackWait())
        .maxDeliver(settings.mostDeliveries())
        .maxAckPending(settings.maxAckPending())
        .build();
  }
}
