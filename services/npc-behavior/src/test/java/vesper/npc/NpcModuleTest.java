package vesper.npc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.testing.NatsExtension;
import vesper.testing.PostgresExtension;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;

/// What one process keeps for the next.
@ExtendWith({NatsExtension.class, PostgresExtension.class})
class NpcModuleTest {

  private final TestClock clock = TestClock.create();

  @Test
  void restart_theTold_isRemembered_andNotToldToAnother(TestNats nats, TestDatabase database) {
    try (var people = People.start(nats.url(), database, clock, Map.of(), new Clockwork())) {
      people.say("p1", "mara-vey", "Hello! My name is Ilse.");
      people.say("p1", "mara-vey", "I promise I'll bring you the ledger by Friday.");
    }
    clock.advance(Duration.ofHours(3));
    try (var people = People.start(nats.url(), database, clock, Map.of(), new Clockwork())) {
      assertThat(people.say("p1", "mara-vey", "Good evening")).contains("Ilse");
      assertThat(people.say("p1", "mara-vey", "What is my name?")).contains("Ilse");
      assertThat(people.say("p1", "mara-vey", "What did I promise you?"))
          .containsIgnoringCase("to bring me the ledger by Friday");
      assertThat(people.say("p2", "mara-vey", "What is my name?")).doesNotContain("Ilse");
      assertThat(people.say("p2", "mara-vey", "What did I promise you?")).doesNotContain("ledger");
      assertThat(people.say("p1", "hob-garrity", "What is my name?")).doesNotContain("Ilse");
    }
  }
}
