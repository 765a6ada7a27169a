package vesper.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import vesper.npc.v1.ConversationEnded;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;
import vesper.time.v1.DayChanged;
import vesper.world.v1.Flag;
import vesper.world.v1.FlagChanged;
import vesper.world.v1.ListFlagsRequest;

/// What events of other services leave in a world.
class MarksTest {
  private static final Duration BOUND = Duration.ofSeconds(60);

  private final TestNats.Owned nats = TestNats.startOwn();
  private final TestDatabase database = TestDatabase.create();
  private final Replica replica = Replica.start(nats.url(), database, TestClock.create(), Map.of());
  private final Connection connection;

  MarksTest() throws Exception {
    connection = Nats.connect(nats.url().toString());
  }

  @AfterEach
  void stop() throws InterruptedException {
    connection.close();
    replica.close();
    database.close();
    nats.close();
  }

  @Test
  void conversationEnded_isCountedOnce() throws Exception {
    publish("npc.conversation_ended", "talk-1", "a", talk(3));
    publish("npc.conversation_ended", "talk-1", "b", talk(3));
    publish("npc.conversation_ended", "talk-2", "c", talk(0));
    publish("npc.conversation_ended", "talk-3", "d", talk(1));

    await().atMost(BOUND).until(() -> count("talks.mara-vey") == 2);

    assertThat(flagEvents()).isEqualTo(2);
    assertThat(count("talks.hob-garrity")).isEqualTo(-1);
  }

  @Test
  void dayChanged_isTheDayOfTheWorld() throws Exception {
    DayChanged day =
        DayChanged.newBuilder().setWorldId("body-broker").setGameSeconds(864_000).build();
    publish("time.day_changed", "day-10", "a", day);

    await().atMost(BOUND).until(() -> count("clock.day") == 10);
  }

  private static ConversationEnded talk(int turns) {
    return ConversationEnded.newBuilder()
        .setWorldId("body-broker")
        .setNpcId("mara-vey")
        .setPlayerId("p1")
        .setTurns(turns)
        .build();
  }

  private void publish(String type, String id, String messageId, Message event) throws Exception {
    Headers headers = new Headers();
    headers.put("ce-id", id);
    headers.put("ce-worldid", "body-broker");
    headers.put("ce-partitionkey", "key");
    headers.put("Nats-Msg-Id", messageId);
    assertThat(
            connection
                .jetStream()
                .publish("evt." + type + ".v1.body-broker", headers, event.toByteArray())
                .isDuplicate())
        .isFalse();
  }

  private long count(String flag) {
    return replica
        .player()
        .listFlags(ListFlagsRequest.newBuilder().setWorldId("body-broker").setPageSize(500).build())
        .getFlagsList()
        .stream()
        .filter(found -> found.getFlagId().equals(flag))
        .mapToLong((Flag found) -> found.getValue().getNumber())
        .findFirst()
        .orElse(-1);
  }

  private int flagEvents() throws Exception {
    var streams = connection.jetStreamManagement();
    int found = 0;
    long last = streams.getStreamInfo("EVT_WORLD").getStreamState().getLastSequence();
    for (long seq = 1; seq <= last; seq++) {
      var stored = streams.getMessage("EVT_WORLD", seq);
      if (String.valueOf(stored.getSubject()).startsWith("evt.world.flag_changed")) {
        assertThat(FlagChanged.parseFrom(stored.getData()).getFlagId()).isEqualTo("talks.mara-vey");
        found++;
      }
    }
    return found;
  }
}
