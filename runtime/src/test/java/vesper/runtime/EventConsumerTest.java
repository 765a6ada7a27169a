package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.testing.PostgresExtension;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;
import vesper.time.v1.HourChanged;
import vesper.transport.Routing;

/// Consumers with a JetStream of their own and a real database.
@ExtendWith(PostgresExtension.class)
class EventConsumerTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String CONSUMER = "vesper.runtime.events.consumer.";
  private static final String DURABLE = "listener__time__hour_changed";

  private final TestNats.Owned nats = TestNats.startOwn();
  private final TestDatabase at;
  private final DatabasePool pool;
  private final Database database;
  private final List<Host> hosts = new ArrayList<>();
  private final Map<Integer, Integer> calls = new ConcurrentHashMap<>();
  private final Connection connection;
  private volatile EventHandler<HourChanged> before = (transaction, event) -> {};

  EventConsumerTest(TestDatabase at) throws Exception {
    this.at = at;
    pool = DatabasePool.open(at.jdbcUrl(), at.user(), new Secret(at.password()));
    database = pool.database("listen");
    connection = Nats.connect(nats.url().toString());
  }

  @BeforeEach
  void createTable() {
    pool.migrate(List.of("listen"));
    database.run(
        "effect.create",
        handle -> {
          handle.execute("truncate listen.inbox, listen.lease");
          handle.execute("drop table if exists listen.effect");
          handle.execute(
              "create table listen.effect (n bigint generated always as identity, key text, hour int)");
        });
  }

  @AfterEach
  void close() throws InterruptedException {
    hosts.forEach(Host::close);
    connection.close();
    pool.close();
    nats.close();
  }

  @Test
  void event_publishedAgainAndAgain_hasItsEffectOnceAndInOrderOfItsKey() throws Exception {
    start();
    for (int i = 0; i < 150; i++) {
      String id = "event-" + i;
      for (int copy = 0; copy < 3; copy++) {
        publish("key-" + i % 7, i, id, Map.of("Nats-Msg-Id", id + "/" + copy));
      }
    }

    await().atMost(LONG).until(() -> effects().size() >= 150 && awaitsNothing());

    assertThat(hours())
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 150).boxed().toList());
    assertInOrder();
    assertThat(metric("vesper_events_duplicates_total{consumer=\"" + DURABLE + "\"}"))
        .isEqualTo(300);
    assertThat(metric(handled("done"))).isEqualTo(150);
    assertThat(letters()).isEmpty();
  }

  @Test
  void handler_thatFailsAlways_givesOneDeadLetterAndThoseBehindItWait() throws Exception {
    before =
        (transaction, event) -> {
          if (event.message().getHour() == 1) {
            assertThat(effects(transaction)).doesNotContain(2);
            throw new IllegalStateException("no\nselect secret from time.counter");
          }
        };
    start();
    publish("bad", 0, "zero", Map.of());
    publish(
        "bad",
        1,
        "one",
        Map.of("traceparent", "00-0123456789abcdef0123456789abcdef-00f067aa0ba902b7-01"));
    publish("bad", 2, "two", Map.of());
    publish("good", 3, "three", Map.of());

    await().atMost(LONG).until(() -> effects().size() == 3 && letters().size() == 1);

    assertThat(hours()).endsWith(2);
    assertThat(calls(1)).isEqualTo(5);
    MessageInfo letter = letters().getFirst();
    assertThat(letter.getSubject()).isEqualTo("dlq.EVT_WORLD." + DURABLE);
    Headers headers = headers(letter);
    assertThat(headers.getFirst("Nats-Msg-Id")).isEqualTo("dlq:EVT_WORLD:" + DURABLE + ":2");
    assertThat(headers.getFirst("ce-id")).isEqualTo("one");
    assertThat(headers.getFirst("traceparent")).startsWith("00-0123456789abcdef");
    assertThat(headers.getFirst("vesper-dlq-subject")).isEqualTo("evt.time.hour_changed.v1.harbor");
    assertThat(headers.getFirst("vesper-dlq-deliveries")).isEqualTo("5");
    assertThat(headers.getFirst("vesper-dlq-error")).isEqualTo("IllegalStateException");
    assertThat(headers.getFirst("vesper-dlq-error-text")).isEqualTo("no");
    assertThat(HourChanged.parseFrom(letter.getData()).getHour()).isEqualTo(1);
  }

  @Test
  void event_thatIsNone_isADeadLetterAtOnce() throws Exception {
    start();
    Headers headers = new Headers();
    headers.put("ce-id", "garbage");
    headers.put("ce-partitionkey", "bad");
    connection.jetStream().publish(subject(), headers, new byte[] {-1, -1, -1});
    connection.jetStream().publish(subject(), new byte[0]);
    publish("bad", 1, "one", Map.of());

    await().atMost(LONG).until(() -> hours().contains(1) && letters().size() == 2);

    assertThat(letters())
        .extracting(letter -> headers(letter).getFirst("vesper-dlq-error"))
        .containsOnly("UNDECODABLE");
  }

  /// The handler's thread never comes back: the server gives the event up, and says so.
  @Test
  void handler_thatHangs_givesADeadLetterByAdvisory() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    before =
        (transaction, event) -> {
          if (event.message().getHour() == 1) {
            hang(never);
          }
        };
    start(Map.of(CONSUMER + "max-deliver", "2"));
    publish("bad", 1, "one", Map.of());
    publish("bad", 2, "two", Map.of());

    await().atMost(LONG).until(() -> hours().contains(2) && letters().size() == 1);

    Headers headers = headers(letters().getFirst());
    assertThat(headers.getFirst("vesper-dlq-error")).isEqualTo("NO_ANSWER");
    assertThat(headers.getFirst("ce-id")).isEqualTo("one");
    assertThat(hours()).doesNotContain(1);
    never.countDown();
  }

  @Test
  void handler_thatNeedsWhatIsAway_waitsWithoutUsingUpDeliveries() throws Exception {
    before =
        (transaction, event) -> {
          if (event.message().getHour() == 1 && calls(1) < 8) {
            throw Refusal.unavailable(Duration.ofSeconds(1), "away");
          }
        };
    start();
    publish("key", 1, "one", Map.of());
    publish("key", 2, "two", Map.of());

    await().atMost(LONG).until(() -> effects().size() == 2);

    assertThat(hours()).containsExactly(1, 2);
    assertThat(letters()).isEmpty();
    assertThat(metric(handled("waited"))).isGreaterThanOrEqualTo(7);
    assertThat(metric(handled("failed"))).isZero();
    await().atMost(LONG).until(this::awaitsNothing);
    assertThat(info().getRedelivered()).isZero();
  }

  /// A dead process had taken events and answered none. The next one gets newer events first, and
  /// keeps them back.
  @Test
  void process_thatDiedInTheMiddle_leavesTheOrderOfKeys() throws Exception {
    Host first = start();
    publish("key-0", 0, "event-0", Map.of());
    await().atMost(LONG).until(() -> effects().size() == 1 && awaitsNothing());
    first.close();
    for (int i = 1; i < 9; i++) {
      publish("key-" + i % 3, i, "event-" + i, Map.of());
    }
    takeAsOther(8);
    for (int i = 9; i < 18; i++) {
      publish("key-" + i % 3, i, "event-" + i, Map.of());
    }

    start();

    await().atMost(LONG).until(() -> effects().size() >= 18 && awaitsNothing());
    assertThat(hours())
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 18).boxed().toList());
    assertInOrder();
    assertThat(letters()).isEmpty();
  }

  /// A dead process had made a dead letter of one event and not answered another.
  @Test
  void process_thatDiedAfterADeadLetter_holdsUpNothingBehindIt() throws Exception {
    Map<String, String> patient = Map.of(CONSUMER + "backoff", "20ms, 10m");
    start(patient).close();
    publish("key-1", 1, "event-1", Map.of());
    publish("key-2", 2, "event-2", Map.of());
    List<Message> taken = takeAsOther(2);
    Headers letter = new Headers();
    letter.put("vesper-dlq-seq", Long.toString(taken.get(1).metaData().streamSequence()));
    connection.jetStream().publish("dlq.EVT_WORLD." + DURABLE, letter, new byte[0]);
    taken.get(1).term();
    publish("key-2", 3, "event-3", Map.of());

    start(patient);

    await()
        .atMost(LONG)
        .until(() -> {
          taken.getFirst().inProgress();
          return hours().contains(3);
        });
    taken.getFirst().nak();
    await().atMost(LONG).until(() -> hours().equals(List.of(3, 1)));
  }

  @Test
  void event_givenBackAgainAndAgain_isNoDeadLetterForOneFailure() throws Exception {
    before =
        (transaction, event) -> {
          if (calls(1) == 1) {
            throw new IllegalStateException("the first time");
          }
        };
    start().close();
    publish("key", 1, "one", Map.of());
    for (int stop = 0; stop < 6; stop++) {
      takeAsOther(1).getFirst().nak();
    }

    start();

    await().atMost(LONG).until(() -> hours().equals(List.of(1)));
    assertThat(letters()).isEmpty();
  }

  /// Takes events as another process would.
  private List<Message> takeAsOther(int count) throws IOException, JetStreamApiException {
    JetStreamSubscription other =
        connection.jetStream().subscribe(null, PullSubscribeOptions.bind("EVT_WORLD", DURABLE));
    try {
      List<Message> taken = other.fetch(count, Duration.ofSeconds(20));
      assertThat(taken).hasSize(count);
      return taken;
    } finally {
      other.unsubscribe();
    }
  }

  @Test
  void replicas_oneOfWhichStops_goOnAtOnce() throws Exception {
    Host first = start();
    start();
    publish("key", 0, "event-0", Map.of());
    await().atMost(LONG).until(() -> effects().size() == 1);

    Thread stopping = Thread.startVirtualThread(first::close);
    for (int i = 1; i < 60; i++) {
      publish("key", i, "event-" + i, Map.of());
    }
    stopping.join();

    await().atMost(LONG).until(() -> effects().size() >= 60 && awaitsNothing());
    assertThat(hours()).isEqualTo(IntStream.range(0, 60).boxed().toList());
  }

  @Test
  void replay_isHandledByTheConsumerItIsMeantFor() throws Exception {
    start();
    publish("key", 1, "one", Map.of("vesper-replay-for", "other__time__hour_changed"));
    publish("key", 2, "two", Map.of("vesper-replay-for", DURABLE));
    publish("key", 2, "two", Map.of("vesper-replay-for", DURABLE, "Nats-Msg-Id", "rp:1:two"));

    await()
        .atMost(LONG)
        .until(() -> metric(handled("duplicate")) == 1 && metric(handled("skipped")) == 1);

    assertThat(hours()).containsExactly(2);
  }

  @Test
  void trace_ofAnEvent_joinsItsHandling() throws Exception {
    String traceId = "0123456789abcdef0123456789abcdef";
    Host host = start();
    publish("key", 1, "one", Map.of("traceparent", "00-" + traceId + "-00f067aa0ba902b7-01"));

    await()
        .atMost(LONG)
        .until(() ->
            host.tracing()
                .ring()
                .find(traceId)
                .map(trace -> trace.spans().size() == 2)
                .orElse(false));

    List<TraceRing.Finished> spans = host.tracing().ring().find(traceId).orElseThrow().spans();
    assertThat(spans)
        .extracting(TraceRing.Finished::name)
        .containsExactly("process evt.time.hour_changed", "store consume.hour_changed");
    assertThat(spans.getFirst().parent()).isEqualTo("00f067aa0ba902b7");
  }

  @Test
  void natsAwayAndBack_losesNothing() throws Exception {
    start();
    publish("key", 0, "event-0", Map.of());
    await().atMost(LONG).until(() -> effects().size() == 1);

    nats.kill();
    nats.start();
    for (int i = 1; i < 5; i++) {
      int hour = i;
      await()
          .atMost(LONG)
          .ignoreExceptions()
          .until(() -> {
            publish("key", hour, "event-" + hour, Map.of());
            return true;
          });
    }

    await().atMost(LONG).until(() -> effects().size() >= 5);
    assertThat(hours()).containsExactly(0, 1, 2, 3, 4);
  }

  private final class Listener implements ServiceModule {
    @Override
    public String id() {
      return "listener";
    }

    @Override
    public String domain() {
      return "listen";
    }

    @Override
    public Wiring wire(ServiceContext context) {
      return new Wiring(
          List.of(),
          List.of(),
          List.of(
              new EventConsumer<>(
                  HourChanged.getDefaultInstance(),
                  (transaction, event) -> {
                    int hour = event.message().getHour();
                    calls.merge(hour, 1, Integer::sum);
                    before.handle(transaction, event);
                    transaction.execute(
                        "insert into listen.effect (key, hour) values (?, ?)",
                        event.partitionKey(),
                        hour);
                  })));
    }
  }

  private Host start() {
    return start(Map.of());
  }

  private Host start(Map<String, String> more) {
    Map<String, String> settings =
        new HashMap<>(
            Map.of(
                CONSUMER + "ack-wait",
                "1s",
                CONSUMER + "backoff",
                "20ms, 50ms",
                "vesper.runtime.health.success",
                "100ms"));
    settings.putAll(more);
    Host host =
        Host.builder()
            .nats(nats.url())
            .database(at.jdbcUrl(), at.user(), at.password())
            .config(Config.of(settings))
            .routing(Routing.NATS)
            .modules(List.of(new Listener()))
            .build();
    hosts.add(host);
    host.start();
    assertThat(host.awaitReady(LONG)).isTrue();
    return host;
  }

  private int calls(int hour) {
    return calls.getOrDefault(hour, 0);
  }

  private static Headers headers(MessageInfo letter) {
    return Objects.requireNonNull(letter.getHeaders());
  }

  private static String subject() {
    return "evt.time.hour_changed.v1.harbor";
  }

  private void publish(String key, int hour, String id, Map<String, String> more)
      throws IOException, JetStreamApiException {
    Headers headers = new Headers();
    headers.put("ce-id", id);
    headers.put("ce-partitionkey", key);
    headers.put("ce-worldid", "harbor");
    more.forEach(headers::put);
    Message event =
        NatsMessage.builder()
            .subject(subject())
            .headers(headers)
            .data(HourChanged.newBuilder().setHour(hour).build().toByteArray())
            .build();
    assertThat(connection.jetStream().publish(event).hasError()).isFalse();
  }

  private record Effect(String key, int hour) {}

  private List<Effect> effects() {
    return database.read(
        "effect.all",
        handle ->
            handle
                .createQuery("select key, hour from listen.effect order by n")
                .map((row, _) -> new Effect(row.getString("key"), row.getInt("hour")))
                .list());
  }

  private static List<Integer> effects(Handle handle) {
    return handle.createQuery("select hour from listen.effect").mapTo(Integer.class).list();
  }

  private List<Integer> hours() {
    return effects().stream().map(Effect::hour).toList();
  }

  private void assertInOrder() {
    effects().stream()
        .map(Effect::key)
        .distinct()
        .forEach(key ->
            assertThat(effects().stream().filter(each -> each.key().equals(key)).map(Effect::hour))
                .isSorted());
  }

  private List<MessageInfo> letters() throws IOException, JetStreamApiException {
    List<MessageInfo> letters = new ArrayList<>();
    long last =
        connection.jetStreamManagement().getStreamInfo("DLQ").getStreamState().getLastSequence();
    for (long seq = 1; seq <= last; seq++) {
      letters.add(connection.jetStreamManagement().getMessage("DLQ", seq));
    }
    return letters;
  }

  private io.nats.client.api.ConsumerInfo info() throws IOException, JetStreamApiException {
    return connection.jetStreamManagement().getConsumerInfo("EVT_WORLD", DURABLE);
  }

  private boolean awaitsNothing() throws IOException, JetStreamApiException {
    return info().getNumAckPending() == 0 && info().getNumPending() == 0;
  }

  private static String handled(String outcome) {
    return "vesper_events_handled_total{consumer=\"" + DURABLE + "\",outcome=\"" + outcome + "\"}";
  }

  private double metric(String name) {
    String text =
        ((io.micrometer.prometheusmetrics.PrometheusMeterRegistry) hosts.getLast().meters())
            .scrape();
    return text.lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElse(0);
  }

  private static void hang(CountDownLatch never) {
    boolean over = false;
    while (!over) {
      try {
        never.await();
        over = true;
      } catch (InterruptedException e) {
        // A handler that does not listen.
        over = false;
      }
    }
  }
}
