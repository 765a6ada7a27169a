package vesper.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DemoPromptTest {
  @Test
  @Tag("RT-0")
  void of_enoughContext_isNameAndWords() {
    assertThat(DemoPrompt.of("Mira", "Once upon a time", 512, TokenCounter.BYTES))
        .isEqualTo("Mira: Once upon a time");
    assertThat(DemoPrompt.of("", "Once upon a time", 512, TokenCounter.BYTES))
        .isEqualTo("Once upon a time");
  }

  @Test
  void of_littleContext_keepsTheLastWords() {
    assertThat(DemoPrompt.of("Mira", "Once upon a time", 128 + 12, TokenCounter.BYTES))
        .isEqualTo("Mira: a time");
  }

  @Property
  void of_anyWords_fitsIntoTheContext(
      @ForAll @StringLength(max = 300) String words,
      @ForAll @IntRange(min = 140, max = 400) int context) {
    String prompt = DemoPrompt.of("Mira", words, context, TokenCounter.BYTES);
    assertThat(TokenCounter.BYTES.count(prompt)).isLessThanOrEqualTo(context - DemoPrompt.ROOM);
    assertThat(words).endsWith(prompt.substring("Mira: ".length()));
  }
}
