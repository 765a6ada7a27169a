package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.npc.v1.PromiseMade;
import vesper.testing.PostgresExtension;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;
import vesper.time.v1.HourChanged;
import vesper.time.v1.Ticked;

@ExtendWith(PostgresExtension.class)
class SchemaRelayTest {
  private final TestClock clock = TestClock.create();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<Message> published = new ArrayList<>();
  private final DatabasePool pool;
  private final Outbox outbox;
  private final Database database;
  private final Connection connection;
  private final LeaseSettings lease =
      new LeaseSettings(Duration.ofMillis(600), Duration.ofMillis(100));
  private final SchemaRelay relay = new SchemaRelay("time", published::add, lease, meters);

  SchemaRelayTest(TestDatabase at) throws SQLException {
    pool = DatabasePool.open(at.jdbcUrl(), at.user(), new Secret(at.password()));
    pool.migrate(List.of("time"));
    outbox = pool.outbox("time", Ids.seeded(1, clock), clock);
    database = pool.database("time");
    connection = pool.connect();
  }

  @BeforeEach
  void empty() {
    database.run("outbox.empty", handle -> handle.execute("truncate time.outbox, time.lease"));
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    pool.close();
  }

  @Test
  void publish_committed_goesOutOnceWithCloudEventsHeaders() throws Exception {
    database.run("test", handle -> outbox.publish(handle, hour(7), "harbor", "event-1"));

    relay.publish(connection);
    relay.publish(connection);

    assertThat(published).hasSize(1);
    Message event = published.getFirst();
    assertThat(event.getSubject()).isEqualTo("evt.time.hour_changed.v1.harbor");
    assertThat(HourChanged.parseFrom(event.getData())).isEqualTo(hour(7));
    Headers headers = event.getHeaders();
    assertThat(headers.getFirst("Nats-Msg-Id")).isEqualTo("event-1");
    assertThat(headers.getFirst("ce-specversion")).isEqualTo("1.0");
    assertThat(headers.getFirst("ce-id")).isEqualTo("event-1");
    assertThat(headers.getFirst("ce-source")).isEqualTo("/services/time");
    assertThat(headers.getFirst("ce-type")).isEqualTo("vesper.time.hour_changed.v1");
    assertThat(headers.getFirst("ce-time")).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(headers.getFirst("ce-subject")).isEqualTo("harbor");
    assertThat(headers.getFirst("ce-worldid")).isEqualTo("harbor");
    assertThat(headers.getFirst("ce-partitionkey")).isEqualTo("harbor");
    assertThat(headers.getFirst("ce-dataschema")).isEqualTo("vesper.time.v1.HourChanged");
    assertThat(headers.getFirst("content-type")).isEqualTo("application/protobuf");
  }

  @Test
  void publish_rolledBack_goesNowhere() throws Exception {
    assertThatThrownBy(() ->
            database.run(
                "test",
                handle -> {
                  outbox.publish(handle, hour(1), "harbor");
                  throw new IllegalArgumentException("no");
                }))
        .hasMessage("no");

    relay.publish(connection);

    assertThat(published).isEmpty();
  }

  @Test
  void publish_sameEventIdTwice_goesOutOnce() throws Exception {
    for (int i = 0; i < 2; i++) {
      database.run("test", handle -> outbox.publish(handle, hour(1), "harbor", "event-1"));
    }

    relay.publish(connection);

    assertThat(published).hasSize(1);
  }

  @Test
  void publish_moreThanABatch_keepsTheOrder() throws Exception {
    database.run(
        "test",
        handle -> IntStream.range(0, 450).forEach(i -> outbox.publish(handle, hour(i), "harbor")));

    relay.publish(connection);

    assertThat(hours()).isEqualTo(IntStream.range(0, 450).boxed().toList());
  }

  @Test
  void publish_whileAnEarlierNumberIsNotCommitted_waitsForIt() throws Exception {
    CountDownLatch taken = new CountDownLatch(1);
    CountDownLatch commit = new CountDownLatch(1);
    Thread slow =
        Thread.startVirtualThread(() ->
            database.run(
                "slow",
                handle -> {
                  outbox.publish(handle, hour(1), "harbor");
                  taken.countDown();
                  await(commit);
                }));
    taken.await();
    database.run("fast", handle -> outbox.publish(handle, hour(2), "harbor"));

    assertThat(relay.publish(connection)).isEqualTo(SchemaRelay.Outcome.WAITING);
    assertThat(published).isEmpty();

    commit.countDown();
    slow.join();
    assertThat(relay.publish(connection)).isEqualTo(SchemaRelay.Outcome.DONE);
    relay.publish(connection);
    assertThat(hours()).containsExactly(1, 2);
  }

  @Test
  void publish_whileWritersKeepComing_isNotHeldUpByLaterOnes() throws Exception {
    database.run("first", handle -> outbox.publish(handle, hour(1), "harbor"));
    CountDownLatch commit = new CountDownLatch(1);
    Thread first = writer(2, commit);
    assertThat(relay.publish(connection)).isEqualTo(SchemaRelay.Outcome.WAITING);
    CountDownLatch never = new CountDownLatch(1);
    Thread second = writer(3, never);
    commit.countDown();
    first.join();

    relay.publish(connection);

    assertThat(hours()).containsExactly(1, 2);
    never.countDown();
    second.join();
  }

  @Test
  void publish_refusedInTheMiddle_skipsNothing() throws Exception {
    database.run(
        "test",
        handle -> IntStream.range(0, 5).forEach(i -> outbox.publish(handle, hour(i), "harbor")));
    SchemaRelay failing =
        new SchemaRelay(
            "time",
            event -> {
              if (published.size() == 2) {
                throw new IOException("away");
              }
              published.add(event);
            },
            lease,
            new SimpleMeterRegistry());
    assertThatThrownBy(() -> failing.publish(connection)).hasMessage("away");
    failing.giveUp(connection, Duration.ZERO);

    relay.publish(connection);

    assertThat(hours()).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void publish_inTwoProcesses_isDoneByOneUntilItDies() throws Exception {
    relay.publish(connection);
    List<Message> others = new ArrayList<>();
    SchemaRelay other = new SchemaRelay("time", others::add, lease, new SimpleMeterRegistry());
    database.run("test", handle -> outbox.publish(handle, hour(1), "harbor"));

    try (Connection theirs = pool.connect()) {
      assertThat(other.publish(theirs)).isEqualTo(SchemaRelay.Outcome.NOT_OWNED);
      awaitOwned(other, theirs);
    }

    assertThat(others).hasSize(1);
    assertThat(published).isEmpty();
  }

  @Test
  void publish_givenUp_isDoneByAnotherAtOnce() throws Exception {
    SchemaRelay patient =
        new SchemaRelay(
            "time",
            published::add,
            new LeaseSettings(Duration.ofMinutes(5), Duration.ofMillis(10)),
            new SimpleMeterRegistry());
    patient.publish(connection);
    database.run("test", handle -> outbox.publish(handle, hour(1), "harbor"));

    patient.giveUp(connection, Duration.ofMinutes(5));

    awaitOwned(relay, connection);
    assertThat(published).hasSize(1);
    assertThat(patient.publish(connection)).isEqualTo(SchemaRelay.Outcome.NOT_OWNED);
  }

  /// The relay stands still in the middle of a batch until another has taken over; awake again it
  /// ends after the event under way, and does not say of any that it was published.
  @Test
  void publish_pausedForLongerThanItsLease_leavesTheRestToTheNext() throws Exception {
    database.run(
        "test",
        handle -> IntStream.range(0, 5).forEach(i -> outbox.publish(handle, hour(i), "harbor")));
    List<Message> others = new ArrayList<>();
    SchemaRelay other = new SchemaRelay("time", others::add, lease, new SimpleMeterRegistry());
    SchemaRelay paused =
        new SchemaRelay(
            "time",
            event -> {
              published.add(event);
              if (published.size() == 2) {
                try (Connection theirs = pool.connect()) {
                  awaitOwned(other, theirs);
                } catch (SQLException e) {
                  throw new AssertionError(e);
                }
              }
            },
            lease,
            meters);

    paused.publish(connection);

    assertThat(hours()).containsExactly(0, 1);
    assertThat(others).hasSize(5);
    assertThat(meters.get("vesper.lease.lost").counter().count()).isEqualTo(1);
    assertThat(meters.get("vesper.lease.held").gauge().value()).isZero();
    assertThat(paused.publish(connection)).isEqualTo(SchemaRelay.Outcome.NOT_OWNED);
  }

  @Test
  void tidy_publishedLongAgo_isRemoved() throws Exception {
    database.run("test", handle -> outbox.publish(handle, hour(1), "harbor"));
    database.run("test", handle -> outbox.publish(handle, hour(2), "harbor"));
    relay.publish(connection);
    database.run("test", handle -> outbox.publish(handle, hour(3), "harbor"));
    database.run(
        "age",
        handle ->
            handle.execute(
                "update time.outbox set published_at = now() - interval '25 hours'"
                    + " where seq = (select min(seq) from time.outbox)"));

    relay.tidy(connection, Duration.ofHours(24));

    assertThat(database.read("count", SchemaRelayTest::rows)).isEqualTo(2);
    assertThat(meters.get("vesper.outbox.pending").tag("domain", "time").gauge().value())
        .isEqualTo(1);
  }

  @Test
  void publish_notAnEventOfTheDomain_isAMistake() {
    for (Runnable mistake :
        List.<Runnable>of(
            () -> take(PromiseMade.getDefaultInstance(), "harbor"),
            () -> take(vesper.time.v1.GameTime.getDefaultInstance(), "harbor"),
            () -> take(Ticked.getDefaultInstance(), "harbor"),
            () -> take(hour(1), "Harbor."),
            () -> database.run("id", tx -> outbox.publish(tx, hour(1), "harbor", "a\nb")))) {
      assertThatThrownBy(mistake::run).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void headers_playerTextThatIsNotAscii_isEncoded() {
    PromiseMade event = PromiseMade.newBuilder().setNpcId("a").setPlayerId("é\r\n%").build();

    assertThat(EventType.of(event, "npc").headers(event, "id", "_", clock.instant(), null))
        .containsEntry("ce-playerid", "%C3%A9%0D%0A%25")
        .doesNotContainKey("ce-worldid");
  }

  private static void awaitOwned(SchemaRelay relay, Connection connection) {
    org.awaitility.Awaitility.await()
        .until(() -> relay.publish(connection) != SchemaRelay.Outcome.NOT_OWNED);
  }

  private void take(com.google.protobuf.Message event, String world) {
    database.run("test", handle -> outbox.publish(handle, event, world));
  }

  private Thread writer(int hour, CountDownLatch commit) throws InterruptedException {
    CountDownLatch taken = new CountDownLatch(1);
    Thread writer =
        Thread.startVirtualThread(() ->
            database.run(
                "writer",
                handle -> {
                  outbox.publish(handle, hour(hour), "harbor");
                  taken.countDown();
                  await(commit);
                }));
    taken.await();
    return writer;
  }

  private List<Integer> hours() {
    return published.stream()
        .map(event -> {
          try {
            return HourChanged.parseFrom(event.getData()).getHour();
          } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
          }
        })
        .toList();
  }

  private static HourChanged hour(int hour) {
    return HourChanged.newBuilder().setWorldId("harbor").setHour(hour).build();
  }

  private static long rows(Handle handle) {
    return handle.createQuery("select count(*) from time.outbox").mapTo(Long.class).one();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
