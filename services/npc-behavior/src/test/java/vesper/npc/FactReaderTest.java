package vesper.npc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FactReaderTest {

  private static List<String> facts(String words) {
    return FactReader.read(Utterance.of(words)).stream()
        .map(fact ->
            fact.subject()
                + " "
                + fact.predicate().name().substring("PREDICATE_".length()).toLowerCase(Locale.ROOT)
                + " = "
                + fact.value())
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          My name is Ilse. | Ilse
          my name is ilse | Ilse
          my name is ilse maren | Ilse Maren
          MY NAME IS ILSE! | Ilse
          My name's Ilse Maren, by the way. | Ilse Maren
          Hello there, my name is Ilse and I need a knife. | Ilse
          Well, actually my name is Ilse Maren | Ilse Maren
          Actually my real name is Ilse. | Ilse
          The name's Jonas Holt. | Jonas Holt
          They call me Ilse. | Ilse
          People just call me Rat | Rat
          They call me the Rat. | the Rat
          Everyone calls me Old Tam of the Ferry. | Old Tam of the Ferry
          Call me Wren. | Wren
          you can call me wren | Wren
          Please call me Wren, friend. | Wren
          I'm Tobias Renn. | Tobias Renn
          I'm Ilse from Kiln Street | Ilse
          Hi, I am Ilse, nice to meet you. | Ilse
          I am called Ilse | Ilse
          I'm known as Ilse van der Brook. | Ilse van der Brook
          I go by the name of Crow. | Crow
          It's Ilse. | Ilse
          My name is Ilse, what's yours? | Ilse
          My name is Ilse. What is yours? | Ilse
          You should know that my name is Ilse. | Ilse
          My name is "Ilse". | Ilse
          My name is Jean-Luc O'Hara. | Jean-Luc O'Hara
          My name is Dr. Ilse Maren. | Dr. Ilse Maren
          """)
  void read_names(String words, String name) {
    assertThat(facts(words)).contains("player name = " + name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          My brother's name is Tomas. | brother name = Tomas
          My brother is called Tomas | brother name = Tomas
          my sisters name is anna | sister name = Anna
          My little sister's called Anna. | sister kin = your little sister
          The name of my wife is Greta. | wife name = Greta
          I have a sister called Anna. | sister name = Anna
          I've got an older brother named Tomas Holt. | brother name = Tomas Holt
          I have two sons. | son kin = your two sons
          I have two brothers, Tomas and Ivo. | brother kin = your two brothers, Tomas and Ivo
          I have a brother who works at the docks. | brother kin = your brother who works at the docks
          My mum Rosa works at the tannery. | mother name = Rosa
          My mum Rosa works at the tannery. | mother kin = your mum, who works at the tannery
          My father was a fisherman. | father kin = your father, who was a fisherman
          My brother drowned in my own boat. | brother kin = your brother, who drowned in your own boat
          My parents are dead. | parent kin = your parents, who are dead
          My brother, Tomas, keeps bees. | brother name = Tomas
          I miss my brother Tomas. | brother kin = your brother, whom you miss
          I'm looking for my sister Anna in this city. | sister kin = your sister, whom you are looking for in this city
          I lost my daughter at sea. | daughter kin = your daughter, whom you lost at sea
          My dog is called Bark. | dog name = Bark
          """)
  void read_kin(String words, String fact) {
    assertThat(facts(words)).contains(fact);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          I grew up in Kiln Street. | Kiln Street
          I come from a farm in the north | a farm in the north
          I'm from Harrow, do you know it? | Harrow
          I'm originally from the Tallow Rows. | the Tallow Rows
          I was born in Harrow but I hate it. | Harrow
          I was born in Harrow, near the tannery. | Harrow, near the tannery
          I live above the bakery on Salt Lane. | a place above the bakery on Salt Lane
          I grew up by the sea. | a place by the sea
          My sister and I grew up in Kiln Street. | Kiln Street
          I live in my mother's house. | your mother's house
          My home is a boat called Patience. | a boat called Patience
          My home town is Harrow. | Harrow
          Home is a room above the chandler's. | a room above the chandler's
          """)
  void read_homes(String words, String home) {
    assertThat(facts(words)).contains("player home = " + home);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          I'm terrified of deep water. | deep water
          I am really afraid of the dark, to be honest. | the dark
          I've always been afraid of dogs since I was a child. | dogs
          I'm scared of you. | me
          I fear being forgotten. | being forgotten
          I'm afraid to go home. | going home
          I'm scared to swim in the canal | swimming in the canal
          Rats scare me. | rats
          The dark frightens me. | the dark
          Deep water terrifies me. | deep water
          Tomas scares me. | Tomas
          Fire really scares me the most. | fire
          My greatest fear is being forgotten. | being forgotten
          What scares me most is the silence. | the silence
          Nothing scares me more than fire. | fire
          I have a terrible fear of heights. | heights
          I'm afraid of my own brother, but don't tell him. | your own brother
          """)
  void read_fears(String words, String fear) {
    assertThat(facts(words)).contains("player fear = " + fear);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          I wish I could see the sea again. | to see the sea again
          I wish I had a house of my own. | to have a house of your own
          I wish I were rich. | to be rich
          I wish I didn't have to leave. | not to have to leave
          I wish my brother would come home. | your brother to come home
          I wish you would trust me. | me to trust you
          I wish for peace. | peace
          I just wish it would stop raining. | it to stop raining
          I've always wanted to own a boat. | to own a boat
          I dream of sailing north. | to sail north
          I dream of a house by the sea | a house by the sea
          My dream is to leave this city. | to leave this city
          My greatest wish is a boat of my own. | a boat of your own
          All I want is to go home. | to go home
          What I want most is a quiet life. | a quiet life
          More than anything, I want to see my mother again. | to see your mother again
          I want to leave this city one day. | to leave this city one day
          I'd love to see the mountains again | to see the mountains again
          If only I could sleep. | to sleep
          I hope to find my sister. | to find your sister
          """)
  void read_wishes(String words, String wish) {
    assertThat(facts(words)).contains("player wish = " + wish);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          I promise I'll bring you the ledger by Friday. | to bring me the ledger by Friday
          I promise to bring you the ledger. | to bring me the ledger
          I promise that I will pay you back tomorrow | to pay me back tomorrow
          I promise you, I will come back. | to come back
          I promise you the ledger by Friday. | me the ledger by Friday
          I promise you a share. | me a share
          I swear on my mother's grave that I won't tell anyone. | not to tell anyone
          I'll never betray you, I swear. | never to betray me
          I'll pay you back tomorrow, I swear. | to pay me back tomorrow
          You have my word that I won't tell the Guild. | not to tell the Guild
          I give you my word: I'll be back. | to be back
          I promise not to say your name. | not to say my name
          I promise you won't regret it. | that I won't regret it
          I promise I'll do what you say. | to do what I say
          I will return your knife, and that's a promise. | to return my knife
          I swear to find who killed your brother, but I need time. | to find who killed my brother
          """)
  void read_promises(String words, String promise) {
    assertThat(facts(words)).contains("player promise = " + promise);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // denied
        "My name is not Ilse.",
        "I'm not from Harrow.",
        "I am not afraid of the dark.",
        "I'm afraid of nothing.",
        "I'm not scared of you or anyone.",
        "I never promised you anything.",
        "I can't promise that.",
        "I don't wish for anything.",
        "I have no brother.",
        "My brother isn't called Tomas.",
        "Nothing scares me.",
        "I promise nothing.",
        "Nobody calls me Ilse.",
        "I don't live in Kiln Street.",
        // asked
        "Is my name Ilse?",
        "My name is Ilse?",
        "My name is Ilse, right?",
        "What is my name",
        "Do you know where I grew up in Kiln Street?",
        "Am I afraid of deep water?",
        "Do I wish I could see the sea?",
        "Did I promise to bring you the ledger?",
        "You know my name is Ilse, don't you?",
        // supposed
        "If my name is Ilse, then what?",
        "If you help me, I promise to bring the ledger.",
        "Suppose I'm from Harrow.",
        "Suppose my name is Ilse, what then?",
        "Let's say my name is Ilse.",
        "Imagine I'm afraid of water.",
        "Maybe I come from Harrow.",
        "Perhaps my brother is called Tomas.",
        "I would promise to bring it.",
        "I might be afraid of water.",
        "I could be from Harrow.",
        "What if I'm terrified of dogs?",
        // quoted and told of others
        "\"My name is Ilse,\" she said.",
        "He said \"I am terrified of deep water\".",
        "She told me 'I grew up in Kiln Street'.",
        "He said my name is Ilse.",
        "My brother said he comes from Harrow, and my mother thinks I'm from Harrow.",
        "The song goes: \"I wish I could see the sea again\"",
        "They say I'm afraid of the dark.",
        "My friend told me, I'm terrified of deep water.",
        "I'm from Harrow, he said.",
        "You said my name is Ilse.",
        "I told him my name is Ilse.",
        "I'm from Harrow, not.",
        "My name is Ilse, just kidding.",
        // only looks like it
        "I'm tired.",
        "I'M TIRED",
        "I'm Sorry about that.",
        "Call me later.",
        "Call me crazy.",
        "They call me a liar.",
        "My name is none of your business.",
        "my name is not important",
        "I'm afraid I must go.",
        "I'm afraid to say I can't.",
        "I fear that we are late.",
        "I wish you luck.",
        "I'd love to hear about the ledger.",
        "I want to buy a knife.",
        "I want to kill you one day.",
        "I live in fear.",
        "I'm from here.",
        "I promise.",
        "I promise it's true.",
        "I promise I'm telling the truth.",
        "Hello, my friend.",
        "My mother tongue is Low Harbour.",
        "My brother would never do that.",
        "Your name is Mara.",
        "It scares me.",
        "This place scares me, doesn't it?",
        "What do you fear?",
        "What do you promise me?",
        "Good evening.",
        ""
      })
  void read_nothingStated_findsNothing(String words) {
    assertThat(facts(words)).isEmpty();
  }

  @Test
  void read_severalFacts_inTheirOrder() {
    assertThat(
            facts(
                "My name is Ilse, I grew up in Kiln Street and I'm terrified of deep water. I have a dog."))
        .containsExactly(
            "player name = Ilse",
            "player home = Kiln Street",
            "player fear = deep water",
            "dog kin = your dog");
  }

  @Test
  void read_sameThingTwice_keepsTheLater() {
    assertThat(facts("My name is Ilse. No, call me Maren.")).containsExactly("player name = Maren");
  }

  @Test
  void read_longValue_isCutAtAWord() {
    var value =
        FactReader.read(Utterance.of("I promise to bring " + "a very long list ".repeat(30)));

    assertThat(value.getFirst().value())
        .hasSizeBetween(140, 160)
        .matches(".* (?:a|very|long|list)");
  }
}
