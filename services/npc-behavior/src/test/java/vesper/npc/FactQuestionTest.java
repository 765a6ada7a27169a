package vesper.npc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FactQuestionTest {

  private static Optional<FactQuestion> read(String words) {
    return Utterance.of(words).sentences().stream()
        .flatMap(sentence -> FactQuestion.read(sentence).stream())
        .findFirst();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          What is my name? | NAME | player
          what's my name | NAME | player
          Who am I? | NAME | player
          Do you remember who I am? | NAME | player
          Do you still remember my name? | NAME | player
          Tell me my name. | NAME | player
          Remind me what I am called. | NAME | player
          What do people call me? | NAME | player
          Is my name Ilse? | NAME | player
          Have you forgotten my name? | NAME | player
          You remember my name, don't you? | NAME | player
          What is my brother's name? | KIN | brother
          Who is my mum? | KIN | mother
          Do you remember my little sister? | KIN | sister
          How many sons do I have, my sons? | KIN | son
          Do you know anything about my family? | KIN | player
          Where do I come from? | HOME | player
          Where was I born? | HOME | player
          Do you know where I grew up? | HOME | player
          Where am I from? | HOME | player
          Which street did I grow up in? | HOME | player
          What am I most afraid of? | FEAR | player
          What do I fear? | FEAR | player
          Do you remember what scares me? | FEAR | player
          What's my greatest fear? | FEAR | player
          What do I wish for? | WISH | player
          Do you remember what I always wanted? | WISH | player
          What is my dream? | WISH | player
          What do I want most? | WISH | player
          What did I promise you? | PROMISE | player
          What have I sworn to do? | PROMISE | player
          Did I promise you anything? | PROMISE | player
          Do you remember my promise? | PROMISE | player
          What did I promise my brother? | PROMISE | player
          What do you know about me? | ANY | player
          What have I told you about myself? | ANY | player
          Do you remember me? | ANY | player
          What did I tell you? | ANY | player
          """)
  void read_question(String words, String predicate, String subject) {
    var question = read(words).orElseThrow();

    assertThat(question.predicate().map(MemoryTable::word).orElse("any"))
        .isEqualToIgnoringCase(predicate);
    assertThat(question.subject()).isEqualTo(subject);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "What is your name?",
        "Why do you want my name?",
        "Do you like my name?",
        "My name is Ilse.",
        "Where is the Plenty?",
        "What are you afraid of?",
        "What do you want?",
        "Have you seen my brother?",
        "Do you want my house?",
        "I promise to come back.",
        "Who are you?",
        "Can you help me?",
        "Do you know Tam Ferrow?",
        "What do I want to buy here?"
      })
  void read_somethingElse_isNone(String words) {
    assertThat(read(words)).isEmpty();
  }
}
