package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionsTest {
  private static final List<String> KNOWN = List.of("marlow", "lena-voss", "the-broker", "mara");

  @ParameterizedTest
  @CsvSource({
    "marlo, marlow",
    "Marlow, marlow",
    "mralow, marlow",
    "lena_vos, lena-voss",
    "broker,",
    "x,",
    "mare, mara"
  })
  void nearest_misspelt_findsWhatWasMeant(String word, String expected) {
    assertThat(Suggestions.nearest(word, KNOWN).orElse(null)).isEqualTo(expected);
  }

  @Test
  void didYouMean_nothingNear_isEmpty() {
    assertThat(Suggestions.didYouMean("zzzzzz", KNOWN)).isEmpty();
    assertThat(Suggestions.didYouMean("a".repeat(10_000), KNOWN)).isEmpty();
    assertThat(Suggestions.didYouMean("marlo", KNOWN)).isEqualTo("; did you mean 'marlow'?");
  }

  @Property
  void nearest_knownWord_isItself(
      @ForAll @Size(min = 1, max = 20)
          List<@AlphaChars @StringLength(min = 1, max = 20) String> known) {
    for (String word : known) {
      assertThat(Suggestions.nearest(word, known).orElseThrow()).isEqualToIgnoringCase(word);
    }
  }
}
