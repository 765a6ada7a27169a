package vesper.npc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterestTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "What do you see? | SEEING",
        "What can I see here? | SEEING",
        "What is here? | SEEING",
        "What's around? | SEEING",
        "I look around. | SEEING",
        "Describe this place. | SEEING",
        "What is happening here? | HAPPENING",
        "What's going on? | HAPPENING",
        "Any news? | HAPPENING",
        "What happened here? | HAPPENING",
        "How are things? | HAPPENING",
        "Is the ferry running? | STATE",
        "And does the furnace still burn? | STATE",
        "Tell me, is the market open? | STATE",
        "Has the boat gone? | STATE",
        "Do you know the ferryman? | ANSWER",
        "Can I see the ledger? | ANSWER",
        "Why did the furnace go out? | ANSWER",
        "Who signed the lease? | ANSWER",
        "Tell me about the lease. | ANSWER",
        "I want to know who signed it. | ANSWER",
        "Hello. | NONE",
        "I look after my sister. | NONE",
        "The ferry is running. | NONE",
        "My name is Ilse. | NONE"
      })
  void of_sentence(String words, Interest interest) {
    assertThat(Interest.of(Utterance.of(words).sentences().getFirst())).isEqualTo(interest);
  }
}
