package vesper.npc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The twenty statements of the service's README: what a player tells is known later, in another
/// talk, whatever was said in between, and another player does not get it.
class AcceptanceTest {

  private static final List<String> NPCS = List.copyOf(Rehearsal.SAMPLE.parts().keySet());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          My name is Ilse. | What is my name? | Ilse
          They call me Ilse. | Do you remember what I'm called? | Ilse
          I'm Tobias Renn, pleased to meet you. | Who am I? | Tobias Renn
          You can call me Wren. | Tell me my name. | Wren
          Actually my name is Ilse Maren. | Do you know my name? | Ilse Maren
          My brother's name is Tomas. | What is my brother called? | Tomas
          I have a sister called Anna. | Do you remember my sister? | Anna
          My mother Rosa works at the tannery. | Who is my mother? | Rosa, who works at the tannery
          I have two sons. | What do you know about my sons? | two sons
          I grew up in Kiln Street. | Where did I grow up? | Kiln Street
          I come from a farm in the north. | Where am I from? | a farm in the north
          I live above the bakery on Salt Lane. | Do you know where I live? | above the bakery on Salt Lane
          I'm terrified of deep water. | What am I afraid of? | deep water
          Rats scare me. | What scares me? | rats
          My greatest fear is being forgotten. | Do you remember my greatest fear? | being forgotten
          I wish I could see the sea again. | What do I wish for? | to see the sea again
          I've always wanted to own a boat. | What is my dream? | to own a boat
          I promise I'll bring you the ledger by Friday. | What did I promise you? | to bring me the ledger by Friday
          You have my word that I won't tell the Guild. | What did I give you my word on? | not to tell the Guild
          I'll pay you back tomorrow, I swear. | Remind me what I swore. | to pay me back tomorrow
          """)
  void tell_thenAsk_theAnswerHoldsTheValue(String statement, String question, String value) {
    var npc = NPCS.get(Math.floorMod(statement.hashCode(), NPCS.size()));
    var world = new Rehearsal(Rehearsal.SAMPLE);
    if (statement.startsWith("Actually")) {
      world.say(npc, "teller", "My name is Bram.");
    }

    var acknowledged = world.say(npc, "teller", statement);
    world.say(npc, "teller", "What time is it?");
    world.pass(Duration.ofHours(2));
    world.say(npc, "teller", "Good evening.");
    var answer = world.say(npc, "teller", question);

    assertThat(acknowledged).isNotBlank();
    assertThat(answer).containsIgnoringCase(value).doesNotContain("Bram");
    assertThat(world.say(npc, "another", question)).doesNotContainIgnoringCase(value);
  }
}
