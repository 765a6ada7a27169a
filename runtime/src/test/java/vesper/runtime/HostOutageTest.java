package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.testing.PostgresExtension;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;
import vesper.time.v1.GetCalendarRequest;
import vesper.time.v1.GetTimeRequest;
import vesper.time.v1.PauseClockRequest;
import vesper.time.v1.TimeGrpc;
import vesper.transport.Routing;

/// What a host does while the things it needs are away, and when it ends.
@ExtendWith(PostgresExtension.class)
class HostOutageTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final InstallationKeys keys = InstallationKeys.ephemeral();
  private final ClockModule module = new ClockModule();
  private final TestNats.Owned nats = TestNats.startOwn();
  private final HostBuilder builder;
  private Host host;

  HostOutageTest(TestDatabase database) {
    builder =
        Host.builder()
            .nats(nats.url())
            .database(database.jdbcUrl(), database.user(), database.password())
            .keys(keys)
            .config(
                Config.of(
                    Map.of(
                        "vesper.runtime.health.failure", "300ms",
                        "vesper.runtime.health.success", "200ms")))
            .routing(Routing.NATS)
            .modules(List.of(module));
    host = builder.build();
  }

  @AfterEach
  void close() {
    host.close();
    nats.close();
  }

  @Test
  void start_natsAway_waitsAndBecomesReady() throws Exception {
    nats.stop();

    host.start();

    assertThat(host.ready()).isFalse();
    assertThat(status("/health/started")).isEqualTo(200);
    assertThat(status("/health/live")).isEqualTo(200);
    assertThat(status("/health/ready")).isEqualTo(503);
    assertThat(time().getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(module.workerRuns).hasValue(0);

    nats.start();
    assertThat(host.awaitReady(LONG)).isTrue();
    calendar();
  }

  @Test
  void start_databaseAway_waits() throws Exception {
    host.close();
    host = builder.database("jdbc:postgresql://127.0.0.1:1/none", "nobody", "x").build();

    host.start();

    assertThat(host.ready()).isFalse();
    assertThat(body("/health/ready"))
        .contains("\"status\":\"not ready\"")
        .contains("{\"name\":\"migrated\",\"state\":\"FAILING\"");
    Awaitility.await()
        .until(() -> body("/health/ready").contains("\"name\":\"nats\",\"state\":\"OK\""));
  }

  @Test
  void start_brokenScript_saysSoAtOnce() {
    host.close();
    host = builder.modules(List.of(new BrokenModule())).build();

    assertThatThrownBy(host::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the database");
  }

  @Test
  void run_natsLostAndBack_isReadyAgainAndTakesCalls() throws Exception {
    host.start();
    assertThat(host.awaitReady(LONG)).isTrue();

    nats.kill();
    Awaitility.await().atMost(LONG).until(() -> !host.ready());
    assertThat(status("/health/live")).isEqualTo(200);
    nats.start();

    assertThat(host.awaitReady(LONG)).isTrue();
    Awaitility.await().atMost(LONG).ignoreExceptions().until(() -> calendar() > 0);
  }

  @Test
  void drain_runningCall_isFinishedAndNewOnesGoNowhere() throws Exception {
    host.start();
    assertThat(host.awaitReady(LONG)).isTrue();
    module.gate = new CountDownLatch(1);
    AtomicInteger finished = new AtomicInteger();
    Thread running =
        Thread.startVirtualThread(() -> {
          TimeGrpc.newBlockingStub(host.channel())
              .withInterceptors(TestCalls.as(keys, TestCalls.OPERATOR))
              .pauseClock(PauseClockRequest.newBuilder().setWorldId("w").setReason("r").build());
          finished.incrementAndGet();
        });
    Awaitility.await().atMost(LONG).until(() -> module.paused.get() == 1);

    Thread draining = Thread.startVirtualThread(() -> host.drain(LONG));
    Awaitility.await().atMost(LONG).until(() -> !host.ready());
    assertThat(body("/health/ready")).contains("\"status\":\"draining\"");
    Awaitility.await()
        .atMost(LONG)
        .until(() -> time().getStatus().getCode() == Status.Code.UNAVAILABLE);
    assertThat(finished).hasValue(0);
    module.gate.countDown();
    draining.join();
    running.join();

    assertThat(finished).hasValue(1);
  }

  private StatusRuntimeException time() {
    return Assertions.catchThrowableOfType(
        StatusRuntimeException.class,
        () ->
            TimeGrpc.newBlockingStub(host.channel())
                .getTime(GetTimeRequest.newBuilder().setWorldId("w").build()));
  }

  private int calendar() {
    return TimeGrpc.newBlockingStub(host.channel())
        .withInterceptors(TestCalls.as(keys, TestCalls.PLAYER))
        .getCalendar(GetCalendarRequest.newBuilder().setWorldId("outage").build())
        .getDaysPerYear();
  }

  private int status(String path) throws Exception {
    URI uri = host.management().resolve(path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
          .statusCode();
    }
  }

  private String body(String path) throws Exception {
    URI uri = host.management().resolve(path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    }
  }

  private static final class BrokenModule implements ServiceModule {
    @Override
    public String id() {
      return "broken";
    }

    @Override
    public String domain() {
      return "broken";
    }

    @Override
    public Wiring wire(ServiceContext context) {
      return Wiring.of();
    }
  }
}
