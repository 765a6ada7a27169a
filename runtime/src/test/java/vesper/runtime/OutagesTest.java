package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vesper.infrastructure.PostgresServer;
import vesper.infrastructure.PostgresSettings;
import vesper.testing.TestNats;
import vesper.time.v1.GetCalendarRequest;
import vesper.time.v1.PauseClockRequest;
import vesper.time.v1.TimeGrpc;
import vesper.transport.Routing;

/// Two replicas of two services, while NATS and PostgreSQL go and come.
class OutagesTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir static Path folder;

  private final TestNats.Owned nats = TestNats.startOwn();
  private final Path data = folder.resolve("postgres-" + System.nanoTime());
  private final InstallationKeys keys = InstallationKeys.ephemeral();
  private final List<Replica> replicas = new ArrayList<>();
  private final ExecutorService watchers = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicBoolean over = new AtomicBoolean();
  private PostgresServer postgres =
      PostgresServer.start(PostgresSettings.disposable(data), _ -> {});

  @AfterEach
  void close() {
    over.set(true);
    watchers.close();
    replicas.forEach(replica -> replica.host.close());
    nats.close();
    postgres.close();
  }

  @Test
  void natsThenDatabaseThenBothAway_eachReplicaLeavesAndReturnsOnce() throws Exception {
    Map<String, String> quick =
        Map.of(
            "vesper.runtime.health.failure", "1s",
            "vesper.runtime.health.success", "500ms");
    start(quick);
    List<Outage> outages =
        List.of(
            new Outage(nats::stop, nats::start),
            new Outage(postgres::close, this::startPostgres),
            new Outage(
                () -> {
                  postgres.close();
                  nats.stop();
                },
                () -> {
                  nats.start();
                  startPostgres();
                }));

    for (Outage outage : outages) {
      replicas.forEach(replica -> replica.changes.set(0));
      outage.begin().run();
      awaitReady(false);
      for (Replica replica : replicas) {
        assertThat(status(replica, "/health/live")).isEqualTo(200);
        assertThat(status(replica, "/health/started")).isEqualTo(200);
      }
      outage.end().run();
      awaitReady(true);

      for (Replica replica : replicas) {
        int written = replica.busy.written.get();
        Awaitility.await().atMost(LONG).until(() -> replica.busy.written.get() > written);
        Awaitility.await().atMost(LONG).ignoreExceptions().until(() -> calendar(replica) > 0);
        assertThat(replica.changes).hasValue(2);
      }
    }
  }

  @Test
  void flapping_changesNothing() throws Exception {
    start(Map.of());

    for (int i = 0; i < 4; i++) {
      nats.stop();
      nats.start();
      if (i % 2 == 0) {
        postgres.close();
        startPostgres();
      }
      for (Replica replica : replicas) {
        Awaitility.await().atMost(LONG).ignoreExceptions().until(() -> calendar(replica) > 0);
      }
    }

    assertThat(replicas).allSatisfy(replica -> assertThat(replica.changes).hasValue(0));
  }

  @Test
  void start_bothAway_becomesReadyWhenTheyCome() throws Exception {
    int port = postgres.port();
    nats.stop();
    postgres.close();
    Replica replica = replica(Map.of(), port);
    replica.host.start();
    assertThat(replica.host.ready()).isFalse();
    assertThat(status(replica, "/health/started")).isEqualTo(200);
    assertThat(status(replica, "/health/ready")).isEqualTo(503);

    startPostgres();
    assertThat(replica.host.ready()).isFalse();
    nats.start();

    assertThat(replica.host.awaitReady(LONG)).isTrue();
    Awaitility.await().atMost(LONG).ignoreExceptions().until(() -> calendar(replica) > 0);
  }

  @Test
  void close_handlerThatIsStuck_endsAllTheSame() throws Exception {
    start(Map.of("vesper.runtime.drain", "500ms"));
    Replica stuck = replicas.getFirst();
    replicas.getLast().host.close();
    stuck.clock.gate = new CountDownLatch(1);
    Future<?> call =
        watchers.submit(() ->
            TimeGrpc.newBlockingStub(stuck.host.channel())
                .withInterceptors(TestCalls.as(keys, TestCalls.OPERATOR))
                .pauseClock(PauseClockRequest.newBuilder().setWorldId("w").setReason("r").build()));
    Awaitility.await().atMost(LONG).until(() -> stuck.clock.paused.get() > 0);

    Future<?> closing = watchers.submit(stuck.host::close);

    Awaitility.await().atMost(Duration.ofSeconds(30)).until(closing::isDone);
    Awaitility.await().atMost(LONG).until(call::isDone);
    stuck.clock.gate.countDown();
  }

  private record Outage(Runnable begin, Runnable end) {}

  private void startPostgres() {
    postgres =
        PostgresServer.start(PostgresSettings.disposable(data).withPort(postgres.port()), _ -> {});
  }

  private void start(Map<String, String> settings) {
    for (int i = 0; i < 2; i++) {
      Replica replica = replica(settings, postgres.port());
      replica.host.start();
      assertThat(replica.host.awaitReady(LONG)).isTrue();
      Future<?> watching = watchers.submit(() -> watch(replica));
      assertThat(watching).isNotNull();
    }
    for (Replica replica : replicas) {
      Awaitility.await().atMost(LONG).until(() -> replica.busy.written.get() > 0);
    }
  }

  private Replica replica(Map<String, String> settings, int port) {
    ClockModule clock = new ClockModule();
    BusyModule busy = new BusyModule();
    Host host =
        Host.builder()
            .nats(nats.url())
            .database(
                "jdbc:postgresql://127.0.0.1:%d/vesper".formatted(port),
                postgres.user(),
                postgres.password())
            .keys(keys)
            .config(Config.of(settings))
            .routing(Routing.NATS)
            .modules(List.of(clock, busy))
            .build();
    Replica replica = new Replica(host, clock, busy, new AtomicInteger());
    replicas.add(replica);
    return replica;
  }

  private void awaitReady(boolean ready) {
    for (Replica replica : replicas) {
      Awaitility.await().atMost(LONG).until(() -> replica.host.ready() == ready);
    }
  }

  private void watch(Replica replica) {
    boolean ready = true;
    while (!over.get()) {
      if (replica.host.ready() != ready) {
        ready = !ready;
        replica.changes.incrementAndGet();
      }
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  private int calendar(Replica replica) {
    return TimeGrpc.newBlockingStub(replica.host.channel())
        .withInterceptors(TestCalls.as(keys, TestCalls.PLAYER))
        .getCalendar(GetCalendarRequest.newBuilder().setWorldId("outages").build())
        .getDaysPerYear();
  }

  private static int status(Replica replica, String path) throws Exception {
    URI uri = replica.host.management().resolve(path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
          .statusCode();
    }
  }

  /// @param changes how often it became ready or not ready
  private record Replica(Host host, ClockModule clock, BusyModule busy, AtomicInteger changes) {}

  /// A service whose loop writes all the time.
  private static final class BusyModule implements ServiceModule {
    final AtomicInteger written = new AtomicInteger();

    @Override
    public String id() {
      return "npc-behavior";
    }

    @Override
    public String domain() {
      return "npc";
    }

    @Override
    public Wiring wire(ServiceContext context) {
      Database database = context.database();
      return new Wiring(
          List.of(),
          List.of(
              new Worker() {
                @Override
                public String name() {
                  return "writing";
                }

                @Override
                public void run(Stopping stop) throws InterruptedException {
                  do {
                    database.run(
                        "effect.add",
                        handle -> handle.execute("insert into npc.effect (said) values ('x')"));
                    written.incrementAndGet();
                  } while (!stop.await(Duration.ofMillis(20)));
                }
              }));
    }
  }
}
