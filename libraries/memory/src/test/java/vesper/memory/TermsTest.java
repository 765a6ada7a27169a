package vesper.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TermsTest {

  @Test
  void content_dropsStopWordsAndStems() {
    assertThat(Terms.CONTENT.of("The boats of my brother's friend were sailing"))
        .containsExactly("boat", "my", "brother", "friend", "were", "sail");
  }

  @Test
  void all_keepsEveryWord() {
    assertThat(Terms.ALL.of("What is it?")).containsExactly("what", "is", "it");
  }

  @Test
  void of_manyTexts_keepsTheirOrder() {
    assertThat(Terms.CONTENT.of(List.of("salt", "", "Kiln Street")))
        .containsExactly(List.of("salt"), List.of(), List.of("kiln", "street"));
  }
}
