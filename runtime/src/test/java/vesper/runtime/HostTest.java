package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.npc.v1.NpcsGrpc;
import vesper.testing.NatsExtension;
import vesper.testing.PostgresExtension;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;
import vesper.time.v1.GetCalendarRequest;
import vesper.time.v1.TimeGrpc;
import vesper.transport.Routing;

@ExtendWith({NatsExtension.class, PostgresExtension.class})
class HostTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final InstallationKeys keys = InstallationKeys.ephemeral();
  private final ClockModule module = new ClockModule();
  private final HostBuilder builder;
  private Host host;

  HostTest(TestNats nats, TestDatabase database) {
    builder =
        Host.builder()
            .nats(nats.url())
            .database(database.jdbcUrl(), database.user(), database.password())
            .keys(keys)
            .routing(Routing.NATS)
            .modules(List.of(module));
    host = builder.build();
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void start_managementPortTaken_takesAFreeOne() {
    host.start();
    int taken = host.management().getPort();
    try (Host other = builder.managementPort(taken).build()) {
      other.start();
      assertThat(other.management().getPort()).isNotEqualTo(taken).isPositive();
    }
  }

  @Test
  void start_withEverythingThere_becomesReadyAndWorks() throws Exception {
    host.start();
    assertThat(host.awaitReady(LONG)).isTrue();

    long days =
        TimeGrpc.newBlockingStub(host.channel())
            .withInterceptors(TestCalls.as(keys, TestCalls.PLAYER))
            .getCalendar(GetCalendarRequest.newBuilder().setWorldId("start").build())
            .getDaysPerYear();

    assertThat(days).isEqualTo(1);
    assertThat(module.configured).isEqualTo(3);
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
    Awaitility.await()
        .atMost(LONG)
        .until(() ->
            get("/metrics")
                .body()
                .contains(
                    "vesper_events_published_total{type=\"vesper.time.hour_changed.v1\"} 1.0"));
    assertThat(get("/metrics").body())
        .contains("vesper_rpc_server_duration_seconds_bucket")
        .contains("vesper_rpc_client_duration_seconds_count")
        .contains("vesper_outbox_pending")
        .contains("vesper_db_pool")
        .contains("vesper_db_duration_seconds_count{statement=\"time.counter.add\"} 1")
        .contains("vesper_ready 1.0")
        .contains("jvm_memory_used_bytes");
    assertThat(get("/info").body()).contains("time-manager");
    Awaitility.await().atMost(LONG).until(() -> module.workerRuns.get() == 2);
  }

  @Test
  void trace_ofACall_joinsClientServerAndStore() throws Exception {
    host.start();
    assertThat(host.awaitReady(LONG)).isTrue();
    String traceId = "0123456789abcdef0123456789abcdef";

    TimeGrpc.newBlockingStub(host.channel())
        .withInterceptors(
            TestCalls.as(keys, TestCalls.PLAYER),
            TestCalls.with("traceparent", "00-" + traceId + "-00f067aa0ba902b7-01"))
        .getCalendar(GetCalendarRequest.newBuilder().setWorldId("trace").build());

    Awaitility.await().atMost(LONG).until(() -> spans(traceId).size() == 3);
    JsonArray spans = spans(traceId);
    assertThat(names(spans))
        .containsExactly(
            "edge vesper.time.v1.Time/GetCalendar",
            "time-manager vesper.time.v1.Time/GetCalendar",
            "time-manager store counter.add");
    for (int i = 1; i < 3; i++) {
      assertThat(spans.get(i).getAsJsonObject().get("parent"))
          .isEqualTo(spans.get(i - 1).getAsJsonObject().get("spanId"));
    }
    assertThat(get("/traces?limit=5").body()).contains(traceId);
    assertThat(get("/traces/" + "f".repeat(32)).statusCode()).isEqualTo(404);
    assertThat(get("/traces/x").statusCode()).isEqualTo(400);
  }

  @Test
  void build_wrongSettings_namesEveryProblem() {
    HostBuilder wrong =
        builder.config(
            Config.of(Map.of("vesper.time.strat", "1", "vesper.runtime.database.pool-size", "x")));

    assertThat(
            org.assertj.core.api.Assertions.catchThrowableOfType(
                    ConfigException.class, wrong::build)
                .problems())
        .containsExactlyInAnyOrder(
            "vesper.runtime.database.pool-size = 'x' (flag): expected a whole number",
            "vesper.time.strat = '1' (flag): no such setting; did you mean 'vesper.time.start'?");
  }

  @Test
  void start_serviceThatNeverKeepsAnswers_isAMistake() {
    host.close();
    ServiceModule forgetful =
        new ServiceModule() {
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
            return Wiring.of(new NpcsGrpc.NpcsImplBase() {});
          }
        };
    host = builder.modules(List.of(forgetful)).build();

    assertThatThrownBy(host::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("npc-behavior never asks for answers()");
  }

  private JsonArray spans(String traceId) throws Exception {
    HttpResponse<String> answer = get("/traces/" + traceId);
    return answer.statusCode() == 200
        ? JsonParser.parseString(answer.body()).getAsJsonObject().getAsJsonArray("spans")
        : new JsonArray();
  }

  private static List<String> names(JsonArray spans) {
    return StreamSupport.stream(spans.spliterator(), false)
        .map(span -> (JsonObject) span)
        .map(span -> span.get("service").getAsString() + " " + span.get("name").getAsString())
        .toList();
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI uri = host.management().resolve(path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
  }
}
