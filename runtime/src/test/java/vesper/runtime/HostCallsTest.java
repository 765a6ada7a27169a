package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vesper.npc.v1.PromiseMade;
import vesper.testing.PostgresExtension;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;
import vesper.time.v1.GetTimeRequest;
import vesper.time.v1.HourChanged;
import vesper.time.v1.Ticked;
import vesper.time.v1.TimeGrpc;
import vesper.transport.NatsConnections;
import vesper.transport.Routing;

@ExtendWith(PostgresExtension.class)
class HostCallsTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final KeysModule auth = new KeysModule();
  private final TestNats.Owned nats = TestNats.startOwn();
  private final HostBuilder builder;

  HostCallsTest(TestDatabase database) {
    builder =
        Host.builder()
            .nats(nats.url())
            .database(database.jdbcUrl(), database.user(), database.password());
  }

  @AfterEach
  void close() {
    nats.close();
  }

  @ParameterizedTest
  @EnumSource
  void call_withATokenOfAuth_fetchesItsKeysOnce(Routing routing) {
    try (Host host = builder.routing(routing).modules(List.of(auth, new ClockModule())).build()) {
      host.start();
      assertThat(host.awaitReady(LONG)).isTrue();
      String token = auth.signer().sign(TestCalls.PLAYER, Duration.ofMinutes(5));
      TimeGrpc.TimeBlockingStub time =
          TimeGrpc.newBlockingStub(host.channel())
              .withInterceptors(TestCalls.with("authorization", "Bearer " + token));

      for (int i = 0; i < 3; i++) {
        List<String> seen =
            time.getTime(GetTimeRequest.newBuilder().setWorldId("harbor").build())
                .getClock()
                .getPauseReasonsList();
        assertThat(seen.get(1)).isEqualTo("player-1");
      }

      assertThat(auth.fetches).hasValue(1);
    }
  }

  @Test
  void build_twoServicesOfOneDomain_isAMistake() {
    HostBuilder twice = builder.modules(List.of(new KeysModule(), new KeysModule()));

    assertThatThrownBy(twice::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("auth");
  }

  @Test
  void live_event_reachesWhoListens() throws Exception {
    TestClock clock = TestClock.create();
    Connection connection = Nats.connect(NatsConnections.rpc("test", nats.url()).build());
    try {
      Subscription listening = connection.subscribe("live.>");
      connection.flush(LONG);
      LiveEvents live =
          new NatsLiveEvents("time", () -> Optional.of(connection), Ids.seeded(1, clock), clock);

      live.publish(Ticked.newBuilder().setWorldId("harbor").setGameSeconds(60).build(), "harbor");

      Message message = listening.nextMessage(LONG);
      assertThat(message.getSubject()).isEqualTo("live.time.ticked.v1.harbor");
      assertThat(Ticked.parseFrom(message.getData()).getGameSeconds()).isEqualTo(60);
      assertThat(message.getHeaders().getFirst("ce-type")).isEqualTo("vesper.time.ticked.v1");
      for (var other :
          List.of(HourChanged.getDefaultInstance(), PromiseMade.getDefaultInstance())) {
        assertThatThrownBy(() -> live.publish(other, "harbor"))
            .isInstanceOf(IllegalArgumentException.class);
      }
    } finally {
      connection.close();
    }
  }

  @Test
  void live_natsAway_isDropped() {
    LiveEvents live =
        new NatsLiveEvents(
            "time", Optional::empty, Ids.seeded(1, TestClock.create()), TestClock.create());

    live.publish(Ticked.getDefaultInstance(), "harbor");
  }
}
