package vesper.worldpack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BannedTopicsTest {
  private static final BannedTopics BANNED = BannedTopics.with(List.of("Zeppelin", "red (ink)"));

  @ParameterizedTest
  @CsvSource({
    "You should kill yourself., promoting suicide",
    "Suicide is the answer., promoting suicide",
    "Here is how to make a pipe bomb., promoting real violence",
    "They sexualised nobody; a naked CHILD is named., sexual content with minors",
    "A ZEPPELIN over the harbour., '\"Zeppelin\" (banned_terms of pack.yaml)'",
    "Write it in red (ink) then., '\"red (ink)\" (banned_terms of pack.yaml)'",
  })
  void find_bannedText_namesTheTopic(String text, String topic) {
    assertThat(BANNED.find(text)).contains(topic);
  }

  @ParameterizedTest
  @CsvSource({
    "You will kill yourself on those stairs.",
    "His suicide was never explained.",
    "A naked lamp hung over the table.",
    "The child had lustre in its eyes.",
    "Zeppelins are not the word.",
    "The bomb fell forty years ago.",
  })
  void find_harmlessText_isEmpty(String text) {
    assertThat(BANNED.find(text)).isEmpty();
  }
}
