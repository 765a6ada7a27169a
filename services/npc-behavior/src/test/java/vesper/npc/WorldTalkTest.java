package vesper.npc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import vesper.guard.ClosedTerms;
import vesper.memory.Terms;

/// What people of the sample world say of its documents and of how it is, without a model.
class WorldTalkTest {
  private static final String MARA = "mara-vey";
  private static final String LEASE =
      "The families let the people have the daylight by the Dusk Lease.";
  private static final Passage PASSAGE =
      new Passage(
          new Citation(1, "The City › The quarrel", "city", "city#the-quarrel", "/d/city"),
          "The City",
          LEASE + " Nobody has read it since.",
          1,
          .8,
          false);
  private static final StateFact FERRY =
      fact("ferry.runs@3", "No boat has gone out since Fishday.", StateFact.Kind.SAID, 3);
  private static final StateFact FURNACE =
      fact("furnace.lit@0", "The chimney has not rested all winter.", StateFact.Kind.SAID, 0);
  private static final StateFact COAT =
      fact("item:coat@1", "A grey coat hangs on the third hook.", StateFact.Kind.SEEN, 0);

  private final Rehearsal world = new Rehearsal(Rehearsal.SAMPLE);

  private static StateFact fact(String id, String text, StateFact.Kind kind, long changed) {
    var terms = new HashSet<>(Terms.CONTENT.of(id.replaceAll("[^a-z]+", " ") + ". " + text));
    return new StateFact(id, text, kind, changed, terms);
  }

  static Stream<String> people() {
    return Rehearsal.SAMPLE.parts().keySet().stream();
  }

  private void knows(String... closedTerms) {
    var terms = List.of(closedTerms);
    world.find(
        new Surroundings(
            new Lore(true, List.of(PASSAGE), terms, ClosedTerms.of(terms)),
            List.of(FURNACE, FERRY, COAT),
            List.of()));
  }

  @ParameterizedTest
  @MethodSource("people")
  void loreQuestion_isAnsweredWithASentenceAndItsPlace(String npc) {
    knows();

    var turn = world.exchange(npc, "p", "What is the Dusk Lease?").turn();

    assertThat(turn.answer()).contains("“" + LEASE + "” [1]");
    assertThat(turn.origin().citations()).containsExactly(PASSAGE.citation());
    assertThat(turn.origin().passages()).isOne();
  }

  @Test
  void loreQuestion_askedAgain_isNotQuotedTwiceInATalk() {
    knows();
    world.say(MARA, "p", "What is the Dusk Lease?");

    var again = world.exchange(MARA, "p", "What is the Dusk Lease?").turn();

    assertThat(again.answer()).doesNotContain(LEASE);
    assertThat(again.origin().citations()).isEmpty();
  }

  @Test
  void loreQuestion_aboutWhatThePersonKnows_isAnsweredByThePerson() {
    knows();

    var turn = world.exchange(MARA, "p", "Tell me about the last broker.").turn();

    assertThat(turn.origin().citations()).isEmpty();
  }

  @Test
  void loreQuestion_closedTerm_isNotSaid() {
    knows("Dusk Lease");

    var turn = world.exchange(MARA, "p", "What is the Dusk Lease?").turn();

    assertThat(turn.answer()).doesNotContain("Dusk Lease");
    assertThat(turn.origin().citations()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("people")
  void closedTerms_areInNoLineOfTheWorldThatIsSaid(String npc) {
    knows("Ferris Quell", "Quell", "Ferris", "broker");

    for (int turn = 0; turn < 25; turn++) {
      assertThat(world.say(npc, "p", "What do you know about the last broker?"))
          .doesNotContainIgnoringCase("Quell")
          .doesNotContainIgnoringCase("Ferris")
          .doesNotContainIgnoringCase("broker");
    }
  }

  @ParameterizedTest
  @MethodSource("people")
  void stateQuestion_isAnsweredByHowItIs(String npc) {
    knows();

    assertThat(world.say(npc, "p", "Is the ferry running?")).contains(FERRY.text());
    assertThat(world.say(npc, "p", "Is the furnace lit?")).contains(FURNACE.text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"What is happening here?", "Any news?", "What's going on?"})
  void whatHappens_isTheNewestFirst_andEachOnce(String words) {
    knows();

    assertThat(world.say(MARA, "p", words)).contains(FERRY.text());
    assertThat(world.say(MARA, "p", words)).contains(FURNACE.text());
    assertThat(world.say(MARA, "p", words)).contains(COAT.text());
    assertThat(world.say(MARA, "p", words))
        .doesNotContain(FERRY.text(), FURNACE.text(), COAT.text());
  }

  @Test
  void whatIsSeen_standsThere() {
    knows();

    assertThat(world.say(MARA, "p", "What do you see?")).contains(COAT.text());
  }

  @Test
  void otherTalk_isNotDisturbed() {
    var plain = new Rehearsal(Rehearsal.SAMPLE);
    knows();

    for (var words :
        List.of("Hello!", "My name is Ilse.", "What is my name?", "You are a liar.", "Goodbye.")) {
      assertThat(world.say(MARA, "p", words)).isEqualTo(plain.say(MARA, "p", words));
    }
  }

  @Test
  void answers_holdEverySlot() {
    knows();
    Set<String> answers = new HashSet<>();
    for (int player = 0; player < 40; player++) {
      answers.add(world.say(MARA, "p" + player, "What is the Dusk Lease?"));
    }

    assertThat(answers).hasSizeGreaterThan(5).noneMatch(answer -> answer.contains("{"));
  }
}
