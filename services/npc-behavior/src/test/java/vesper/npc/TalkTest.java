package vesper.npc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import vesper.pack.v1.Topic;

/// Whole talks with the people of the sample world.
class TalkTest {

  private static final String MARA = "mara-vey";
  private static final List<String> CHATTER =
      List.of(
          "Hello!",
          "Who are you?",
          "How are you?",
          "What time is it?",
          "Any news?",
          "Do you have any work for me?",
          "I want to buy something.",
          "You are very wise.",
          "You are a liar.",
          "Please help me.",
          "Thank you.",
          "Tell me about the last broker.",
          "Tell me more.",
          "Who is Madam Ossery?",
          "Where is the Plenty?",
          "What is the Stitch Guild?",
          "What is my name?",
          "What do you know about me?",
          "Blue seven under the kettle.",
          "I saw a bird today.");

  private final Rehearsal world = new Rehearsal(Rehearsal.SAMPLE);

  static Stream<String> people() {
    return Rehearsal.SAMPLE.parts().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("people")
  void thirtyTurns_ofTheSameWords_repeatNoLine(String npc) {
    for (var words : List.of("Hello!", "Blue seven under the kettle.", "What is my name?")) {
      assertNothingRepeated(npc, words.substring(0, 2), List.of(words));
    }
  }

  @ParameterizedTest
  @MethodSource("people")
  void thirtyTurns_ofAllKinds_repeatNoLine(String npc) {
    assertNothingRepeated(npc, "p", CHATTER);
  }

  private void assertNothingRepeated(String npc, String player, List<String> words) {
    Set<String> answers = new HashSet<>();
    Set<String> lines = new HashSet<>();
    for (int turn = 1; turn <= 30; turn++) {
      var exchange = world.exchange(npc, player, words.get((turn - 1) % words.size()));
      assertThat(exchange.turn().number()).isEqualTo(turn);
      assertThat(answers.add(exchange.turn().answer())).as(exchange.turn().answer()).isTrue();
      exchange.turn().lines().stream()
          .filter(line -> !line.startsWith("memory:"))
          .forEach(line -> assertThat(lines.add(line)).as(line).isTrue());
      assertThat(exchange.turn().over()).isEqualTo(turn == 30);
    }
  }

  @Test
  void thirtyFirstTurn_beginsAnotherTalk() {
    for (int turn = 1; turn <= 30; turn++) {
      world.say(MARA, "p", "Any news?");
    }

    var next = world.exchange(MARA, "p", "Any news?");

    assertThat(next.turn().number()).isEqualTo(1);
  }

  @Test
  void nextTalk_doesNotRepeatTheLastFiveAnswers() {
    List<String> lines = new ArrayList<>();
    for (int turn = 1; turn <= 30; turn++) {
      lines.addAll(world.exchange(MARA, "p", "Thank you.").turn().lines());
    }

    var next = world.exchange(MARA, "p", "Thank you.").turn();

    assertThat(next.lines()).doesNotContainAnyElementsOf(lines.subList(25, lines.size()));
  }

  @Test
  void sameWords_inTheSameWorld_getTheSameAnswers() {
    var again = new Rehearsal(Rehearsal.SAMPLE);

    for (var words : CHATTER) {
      assertThat(again.exchange(MARA, "p", words).turn())
          .isEqualTo(world.exchange(MARA, "p", words).turn());
    }
  }

  @Test
  void greeting_mayBeThatOfTheHour() {
    var greetings =
        IntStream.range(0, 20)
            .boxed()
            .flatMap(_ -> people().map(npc -> world.say(npc, "p", "Hello!")))
            .map(greeting -> greeting.toLowerCase(Locale.ROOT))
            .toList();

    assertThat(greetings).anyMatch(greeting -> greeting.contains("good evening"));
  }

  @Test
  void greeting_ofOneWhoGaveAName_usesIt() {
    for (var npc : people().toList()) {
      world.say(npc, "p", "My name is Ilse.");
    }
    world.pass(Duration.ofHours(1));

    for (var npc : people().toList()) {
      assertThat(world.say(npc, "p", "Hello!")).contains("Ilse");
    }
  }

  @Test
  void fact_inAGreeting_isAcknowledgedByItsValue() {
    var exchange = world.exchange(MARA, "p", "Hello there! My name is Ilse.");

    assertThat(exchange.turn().manner().intent()).isEqualTo("tell_fact");
    assertThat(exchange.turn().answer()).contains("Ilse");
    assertThat(exchange.memories()).hasSize(1);
    assertThat(exchange.memories().getFirst().memory().text())
        .isEqualTo("Hello there! My name is Ilse.");
  }

  @Test
  void fact_besideAQuestion_isAcknowledgedBeforeTheAnswer() {
    var exchange = world.exchange(MARA, "p", "My name is Ilse. What time is it?");

    assertThat(exchange.turn().manner().intent()).isEqualTo("ask_time");
    assertThat(exchange.turn().answer())
        .startsWith("Ilse")
        .containsIgnoringCase("a little past nine");
  }

  @Test
  void name_givenWithAQuestionForTheOther_isAnsweredWithTheOwn() {
    for (var words : List.of("My name is Ilse, what's yours?", "I'm Ilse. And you?")) {
      var exchange = world.exchange(MARA, words, words);

      assertThat(exchange.turn().manner().intent()).isEqualTo("ask_name");
      assertThat(exchange.turn().answer()).contains("Ilse");
    }
  }

  @Test
  void fact_toldAnew_replacesTheOld() {
    world.say(MARA, "p", "My name is Ilse.");
    world.say(MARA, "p", "Actually my name is Maren.");

    assertThat(world.say(MARA, "p", "What is my name?")).contains("Maren").doesNotContain("Ilse");
  }

  @Test
  void relative_isRememberedWithNameAndStory() {
    world.say(MARA, "p", "My brother drowned in the river.");
    world.say(MARA, "p", "My brother's name was Tomas.");

    assertThat(world.say(MARA, "p", "Do you remember my brother?"))
        .containsIgnoringCase("your brother Tomas, who drowned in the river");
  }

  @Test
  void whatWasSaidOfSomething_isFoundByItsWords() {
    world.say(MARA, "p", "I'm terrified of deep water.");
    world.say(MARA, "p", "I promise to bring you the ledger.");
    world.say(MARA, "p", "I grew up in Kiln Street.");

    assertThat(world.say(MARA, "p", "What did I tell you about the water?"))
        .containsIgnoringCase("deep water");
  }

  @Test
  void whatTheyKnowOfMe_isSomethingTold() {
    world.say(MARA, "p", "I'm terrified of deep water.");

    assertThat(world.say(MARA, "p", "What do you know about me?"))
        .containsIgnoringCase("deep water");
    assertThat(world.exchange(MARA, "q", "What do you know about me?").used()).isEmpty();
  }

  @Test
  void memory_comesUpUnasked_inSomeAnswers() {
    int woven = 0;
    for (int player = 0; player < 60; player++) {
      var p = "p" + player;
      world.say(MARA, p, "I promise to bring you the ledger.");
      world.pass(Duration.ofHours(1));
      if (world.say(MARA, p, "Hello!").contains("to bring me the ledger")) {
        woven++;
      }
    }

    assertThat(woven).isBetween(5, 40);
  }

  @Test
  void topic_isToldTextByText_andThenNoMore() {
    var first = world.exchange(MARA, "p", "Tell me about the coat.");
    var second = world.exchange(MARA, "p", "Tell me more.");
    var third = world.exchange(MARA, "p", "go on");
    var fourth = world.exchange(MARA, "p", "What else?");

    assertThat(first.turn().lines()).contains("topic:coat#0");
    assertThat(second.turn().lines()).contains("topic:coat#1");
    assertThat(third.turn().lines()).contains("topic:coat#2");
    assertThat(fourth.turn().lines()).noneMatch(line -> line.startsWith("topic:"));
    assertThat(fourth.conversation().subject()).contains("topic:coat");
  }

  @Test
  void secret_isDeniedToAStranger_andToldToAFriend() {
    var part = Rehearsal.SAMPLE.find(MARA).orElseThrow();
    var secret =
        part.npc().getKnowledgeList().stream().filter(Topic::getSecret).findFirst().orElseThrow();
    var stranger = world.exchange(MARA, "p", "What about " + secret.getName() + "?");
    assertThat(stranger.turn().answer()).doesNotContain(secret.getName());
    assertThat(stranger.turn().lines()).noneMatch(line -> line.startsWith("topic:"));

    world.befriend(MARA, "p", new Relation(90, 90, 90, 0));

    var friend = world.exchange(MARA, "p", "What about " + secret.getName() + "?");
    assertThat(friend.turn().answer()).contains(secret.getText(0));
  }

  @Test
  void withheldTopic_isNamedAndNotTold() {
    for (var part : Rehearsal.SAMPLE.parts().values()) {
      part.npc().getKnowledgeList().stream()
          .filter(topic -> !topic.getSecret())
          .filter(topic -> topic.getMinStanding() > part.baseline().standing())
          .forEach(topic -> {
            var exchange =
                world.exchange(part.npc().getId(), "p", "Tell me about " + topic.getName() + ".");
            assertThat(exchange.turn().lines()).noneMatch(line -> line.startsWith("topic:"));
          });
    }
  }

  @Test
  void insults_lowerTheRelation_atMostFifteenInATalk() {
    var moved = Relation.NONE;
    for (int turn = 0; turn < 20; turn++) {
      moved = moved.and(world.exchange(MARA, "p", "You are a liar and a fool.").moved());
    }

    assertThat(moved.affection()).isEqualTo(-15);
    var last = world.exchange(MARA, "p", "You are a liar.");
    assertThat(last.moved().affection()).isZero();
  }

  @Test
  void withoutTime_everythingIsAnswered_withoutWordsOfTime() {
    world.loseTime();

    for (var npc : people().toList()) {
      for (var words : CHATTER) {
        var answer = world.say(npc, "p", words);
        assertThat(answer).isNotBlank().doesNotContain("{", "past nine", "Washday", "full moon");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Hello! | greet
          Good evening, Mara. | greet
          Who are you? | ask_name
          What is your name? | ask_name
          What time is it? | ask_time
          What day is it today? | ask_time
          How are you? | ask_wellbeing
          How is business? | ask_wellbeing
          What do you have for sale? | trade
          How much for a room? | trade
          Do you have any work for me? | quest
          I could kill you where you stand. | threaten
          Tell me or I'll break your fingers. | threaten
          You're an idiot. | insult
          You are very clever. | flatter
          Please, I need your help. | plead
          Thanks for that. | thanks
          Goodbye. | farewell
          I must go now. | farewell
          Any news? | small_talk
          Cold today, isn't it? | small_talk
          Tell me about the coat. | ask_about
          The coat? | ask_about
          Do you know Tam Ferrow? | ask_about
          What do you know about dragons? | ask_about
          My name is Ilse. | tell_fact
          What is my name? | ask_fact
          Blue seven under kettle. | unknown
          Hello, what do you know about the coat? | ask_about
          Thank you. Goodbye. | farewell
          I swear I'll kill you. | threaten
          ... | unknown
          """)
  void intent_isRecognised(String words, String intent) {
    assertThat(world.exchange(MARA, "p", words).turn().manner().intent()).isEqualTo(intent);
  }

  @Test
  void quote_isCutAndCannotSmuggleSlotsOrControls() {
    var long1 =
        "I promise to bring you {topic.text} and {{player}} \u0007\u202E\u200B"
            + "gold ".repeat(60);
    var exchange = world.exchange(MARA, "p", long1);
    var fact = exchange.memories().getFirst().fact().orElseThrow();

    assertThat(fact.value().codePointCount(0, fact.value().length())).isLessThanOrEqualTo(160);
    for (var question : List.of("What did I promise?", "What did I swear?", "What did I vow?")) {
      var answer = world.say(MARA, "p", question);
      assertThat(answer).doesNotContain("\u0007", "\u202E", "\u200B");
      for (var part : Rehearsal.SAMPLE.find(MARA).orElseThrow().npc().getKnowledgeList()) {
        assertThat(answer).doesNotContain(part.getText(0));
      }
    }
  }

  private static final List<String> SECRETS =
      List.of(
          "Quillon",
          "Zephyrine",
          "Oxmoor Lane",
          "marmosets",
          "to dance on Vesuvius",
          "to paint the gasworks");

  @Provide
  Arbitrary<List<String>> talk() {
    var told =
        List.of(
            "My name is Quillon.",
            "I have a sister called Zephyrine.",
            "I grew up in Oxmoor Lane.",
            "I'm terrified of marmosets.",
            "I wish I could dance on Vesuvius.",
            "I promise to paint the gasworks.");
    return Arbitraries.of(Stream.concat(told.stream(), CHATTER.stream()).toList())
        .list()
        .ofSize(25);
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void nothingToldByOnePlayer_isUsedForAnother(
      @ForAll("talk") List<String> teller, @ForAll("talk") List<String> order) {
    var both = new Rehearsal(Rehearsal.SAMPLE);
    for (int turn = 0; turn < teller.size(); turn++) {
      both.say(MARA, "teller", teller.get(turn));
      var asked = CHATTER.get(Math.floorMod(order.get(turn).hashCode(), CHATTER.size()));
      var answer = both.say(MARA, "listener", asked);
      assertThat(answer).doesNotContainIgnoringCase(SECRETS.toArray(String[]::new));
    }
    for (var question :
        List.of(
            "What is my name?",
            "Who is my sister?",
            "Where do I live?",
            "What do I fear?",
            "What do I wish for?",
            "What did I promise?",
            "What did I tell you about the gasworks?")) {
      assertThat(both.say(MARA, "listener", question))
          .doesNotContainIgnoringCase(SECRETS.toArray(String[]::new));
    }
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void anyWords_getAnAnswer(@ForAll String words) {
    if (words.isBlank()) {
      return;
    }
    var answer = new Rehearsal(Rehearsal.SAMPLE).say(MARA, "p", words);

    assertThat(answer).isNotBlank();
    assertThat(String.join("", Texts.pieces(answer))).isEqualTo(answer);
  }
}
