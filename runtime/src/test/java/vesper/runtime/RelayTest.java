package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.testing.PostgresExtension;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;
import vesper.time.v1.HourChanged;
import vesper.transport.Routing;

/// The relay with a real JetStream of its own, which comes and goes.
@ExtendWith(PostgresExtension.class)
class RelayTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final TestNats.Owned server = TestNats.startOwn();
  private final DatabasePool pool;
  private final Database database;
  private final Outbox outbox;
  private final Workers workers = new Workers();
  private final RuntimeSettings settings =
      Config.of(
              Map.of(
                  "vesper.runtime.events.poll", "200ms",
                  "vesper.runtime.lease.duration", "600ms",
                  "vesper.runtime.lease.renew", "100ms"))
          .read(RuntimeSettings.DOMAIN, RuntimeSettings.class);
  private final NatsLink nats =
      new NatsLink(new java.net.URI[] {server.url()}, Routing.NATS, meters);
  private final EventStreams streams = new EventStreams(EventSettings.Profile.SINGLE, meters);

  RelayTest(TestDatabase at) throws Exception {
    pool = DatabasePool.open(at.jdbcUrl(), at.user(), new Secret(at.password()));
    pool.migrate(List.of("time"));
    database = pool.database("time");
    outbox = pool.outbox("time");
    database.run("outbox.empty", handle -> handle.execute("truncate time.outbox, time.lease"));
    nats.connect();
  }

  @AfterEach
  void close() {
    workers.stop(LONG);
    nats.close();
    pool.close();
    server.close();
  }

  @Test
  void run_newEvents_arePublishedWhenTheyCommit() throws Exception {
    streams.reconcile(nats.jetStream());
    start(nats::publish);
    take(0, 3);
    awaitPublished();

    take(3, 6);
    awaitPublished();

    assertThat(stored()).isEqualTo(IntStream.range(0, 6).boxed().toList());
  }

  @Test
  void run_natsAwayAndBack_publishesWhatWaited() throws Exception {
    streams.reconcile(nats.jetStream());
    start(nats::publish);
    take(0, 2);
    awaitPublished();

    server.kill();
    take(2, 5);
    server.start();

    awaitPublished();
    assertThat(stored()).isEqualTo(IntStream.range(0, 5).boxed().toList());
  }

  @Test
  void run_streamMissing_waitsForIt() throws Exception {
    start(nats::publish);
    take(0, 2);
    streams.reconcile(nats.jetStream());

    awaitPublished();
    assertThat(stored()).containsExactly(0, 1);
  }

  /// The event is stored but the relay dies before it writes that down; the next one publishes it
  /// again.
  @Test
  void run_crashBetweenPublishAndMark_storesOnce() throws Exception {
    streams.reconcile(nats.jetStream());
    AtomicInteger crashes = new AtomicInteger();
    start(event -> {
      nats.publish(event);
      if (crashes.getAndIncrement() == 0) {
        throw new IOException("the connection broke after the event was stored");
      }
    });
    take(0, 3);

    awaitPublished();
    assertThat(crashes.get()).isGreaterThan(3);
    assertThat(stored()).containsExactly(0, 1, 2);
  }

  @Test
  void run_stopped_publishesWhatIsLeft() throws Exception {
    streams.reconcile(nats.jetStream());
    start(nats::publish);
    take(0, 50);

    workers.stop(LONG);

    assertThat(stored()).hasSize(50);
  }

  @Test
  void reconcile_streamOfAnOlderVersion_keepsWhatIsNew() throws Exception {
    nats.jetStream()
        .addStream(StreamConfiguration.builder().name("EVT_WORLD").subjects("evt.time.>").build());

    streams.reconcile(nats.jetStream());

    assertThat(nats.jetStream().getStreamInfo("EVT_WORLD").getConfiguration().getSubjects())
        .contains("evt.time.>", "evt.world.>");
  }

  @Test
  void reconcile_streamMadeOtherwise_isReportedAndLeft() throws Exception {
    nats.jetStream()
        .addStream(
            StreamConfiguration.builder()
                .name("EVT_NPC")
                .subjects("evt.npc.>")
                .maxAge(Duration.ofHours(1))
                .build());

    List<EventStreams.Drift> drifts = streams.reconcile(nats.jetStream());

    assertThat(drifts)
        .extracting(EventStreams.Drift::stream, EventStreams.Drift::setting)
        .contains(
            org.assertj.core.groups.Tuple.tuple("EVT_NPC", "max_age"),
            org.assertj.core.groups.Tuple.tuple("EVT_NPC", "max_bytes"))
        .allSatisfy(drift -> assertThat(drift.toList().getFirst()).isEqualTo("EVT_NPC"));
    assertThat(meters.get("vesper.topology.drift").gauge().value()).isEqualTo(1);
    assertThat(streams.exist(nats.jetStream())).isTrue();
    assertThat(nats.jetStream().getStreamInfo("EVT_NPC").getConfiguration().getMaxAge())
        .isEqualTo(Duration.ofHours(1));
  }

  private void start(EventPublisher publisher) {
    workers.start("test", new Relay(pool, List.of("time"), publisher, settings, meters));
  }

  private void take(int from, int to) {
    for (int i = from; i < to; i++) {
      HourChanged event = HourChanged.newBuilder().setWorldId("harbor").setHour(i).build();
      database.run("take", handle -> outbox.publish(handle, event, "harbor"));
    }
  }

  private void awaitPublished() {
    Awaitility.await()
        .atMost(LONG)
        .until(() ->
            database.read(
                "waiting",
                handle ->
                    handle
                        .createQuery(
                            "select count(*) = 0 from time.outbox where published_at is null")
                        .mapTo(Boolean.class)
                        .one()));
  }

  private List<Integer> stored() throws IOException, InterruptedException, JetStreamApiException {
    Connection reader = nats.events().orElseThrow();
    JetStreamSubscription all =
        reader
            .jetStream()
            .subscribe(
                "evt.time.>",
                PushSubscribeOptions.builder().stream("EVT_WORLD")
                    .ordered(true)
                    .configuration(
                        ConsumerConfiguration.builder().deliverPolicy(DeliverPolicy.All).build())
                    .build());
    long count = nats.jetStream().getStreamInfo("EVT_WORLD").getStreamState().getMsgCount();
    List<Integer> hours = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      hours.add(HourChanged.parseFrom(all.nextMessage(LONG).getData()).getHour());
    }
    all.unsubscribe();
    return hours;
  }
}
