package vesper.npc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import vesper.npc.v1.ListMemoriesRequest;
import vesper.npc.v1.Memory;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;
import vesper.time.v1.DayChanged;
import vesper.world.v1.FlagChanged;
import vesper.world.v1.FlagValue;

/// What people remember of how things were, from the events of other services.
class HearsayTest {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final String SAID = "The boat still goes at dusk, and still does not say where.";

  private final TestNats.Owned nats = TestNats.startOwn();
  private final TestDatabase database = TestDatabase.create();
  private final People people =
      People.start(nats.url(), database, TestClock.create(), Map.of(), new Clockwork());
  private final Connection connection;

  HearsayTest() throws Exception {
    connection = Nats.connect(nats.url().toString());
  }

  @AfterEach
  void stop() throws InterruptedException {
    connection.close();
    people.close();
    database.close();
    nats.close();
  }

  @Test
  void flagChanged_peopleTellHowItWasBefore() throws Exception {
    publish("world.flag_changed", "change-1", changed(1, "ferry.runs", true, false));

    await().atMost(BOUND).until(() -> !remembered("mara-vey").isEmpty());

    assertThat(remembered("mara-vey").getFirst().getText()).startsWith("Until ").contains(SAID);
    assertThat(remembered("hob-garrity")).hasSize(1);
    assertThat(people.say("p1", "mara-vey", "What is new?")).contains(SAID);
  }

  @Test
  void flagChanged_backAndForth_leavesOneMemoryOfIt() throws Exception {
    publish("world.flag_changed", "change-1", changed(1, "ferry.runs", true, false));
    publish("world.flag_changed", "change-1", changed(1, "ferry.runs", true, false));
    publish("world.flag_changed", "change-2", changed(2, "ferry.runs", false, true));
    publish("world.flag_changed", "change-3", changed(3, "nobody.speaks-of-it", false, true));

    await()
        .atMost(BOUND)
        .until(() ->
            remembered("mara-vey").stream()
                .anyMatch(memory -> memory.getText().contains("no boat")));

    assertThat(remembered("mara-vey")).hasSize(1);
  }

  @Test
  void flagChanged_anOldOneReplayed_doesNotReplaceWhatIsNewer() throws Exception {
    publish("world.flag_changed", "change-5", changed(5, "ferry.runs", false, true));
    await().atMost(BOUND).until(() -> !remembered("mara-vey").isEmpty());

    publish("world.flag_changed", "change-1", changed(1, "ferry.runs", true, false));
    publish("world.flag_changed", "change-6", changed(6, "levee.broken", false, true));

    await().atMost(BOUND).until(() -> handled("change-6"));
    assertThat(remembered("mara-vey"))
        .extracting(Memory::getText)
        .anyMatch(text -> text.contains("no boat"))
        .noneMatch(text -> text.contains(SAID));
  }

  private boolean handled(String event) {
    return people
        .database()
        .withHandle(handle ->
            handle
                .createQuery("select exists (select from npc.inbox where event_id = :id)")
                .bind("id", event)
                .mapTo(Boolean.class)
                .one());
  }

  @Test
  void dayChanged_aWeekLater_itIsForgotten() throws Exception {
    publish("world.flag_changed", "change-1", changed(1, "ferry.runs", true, false));
    await().atMost(BOUND).until(() -> !remembered("mara-vey").isEmpty());

    publish("time.day_changed", "day-1", day(1));
    publish("time.day_changed", "day-100", day(100));

    await().atMost(BOUND).until(() -> remembered("mara-vey").isEmpty());
  }

  private static DayChanged day(long day) {
    return DayChanged.newBuilder().setWorldId(People.WORLD).setGameSeconds(day * 86_400).build();
  }

  private static FlagChanged changed(long seq, String flag, boolean from, boolean to) {
    return FlagChanged.newBuilder()
        .setWorldId(People.WORLD)
        .setFlagId(flag)
        .setSeq(seq)
        .setFrom(FlagValue.newBuilder().setTruth(from))
        .setTo(FlagValue.newBuilder().setTruth(to))
        .build();
  }

  private void publish(String type, String id, Message event) throws Exception {
    Headers headers = new Headers();
    headers.put("ce-id", id);
    headers.put("ce-worldid", People.WORLD);
    headers.put("ce-partitionkey", "key");
    assertThat(
            connection
                .jetStream()
                .publish("evt." + type + ".v1." + People.WORLD, headers, event.toByteArray())
                .hasError())
        .isFalse();
  }

  private List<Memory> remembered(String npc) {
    return people
        .designer()
        .listMemories(
            ListMemoriesRequest.newBuilder().setWorldId(People.WORLD).setNpcId(npc).build())
        .getMemoriesList();
  }
}
