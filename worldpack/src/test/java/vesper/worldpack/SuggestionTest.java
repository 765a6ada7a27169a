package vesper.worldpack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {

  @ParameterizedTest
  @CsvSource({"kitten, sitting, 3", "tilte, title, 1", "abc, abc, 0", "'', abc, 3", "abc, '', 3"})
  void distance_countsEdits(String a, String b, int edits) {
    assertThat(Suggestion.distance(a, b)).isEqualTo(edits);
  }

  @Property
  void distance_isSymmetricAndBounded(
      @ForAll @AlphaChars @StringLength(max = 12) String a,
      @ForAll @AlphaChars @StringLength(max = 12) String b) {
    int distance = Suggestion.distance(a, b);

    assertThat(distance).isEqualTo(Suggestion.distance(b, a));
    assertThat(distance)
        .isBetween(Math.abs(a.length() - b.length()), Math.max(a.length(), b.length()));
    assertThat(distance == 0).isEqualTo(a.equals(b));
  }

  @Test
  void hint_nearWord_isSuggested() {
    assertThat(Suggestion.hint("mara-vye", List.of("mara-vey", "tam-ferrow")))
        .isEqualTo("Did you mean \"mara-vey\"?");
  }

  @Test
  void hint_nothingNear_listsAFew() {
    assertThat(Suggestion.hint("xyz", List.of("dusk", "dawn"))).isEqualTo("Known are: dawn, dusk.");
  }

  @Test
  void hint_nothingNearAmongMany_isEmpty() {
    var many = IntStream.range(0, 30).mapToObj(i -> "word" + i).toList();

    assertThat(Suggestion.hint("xyz", many)).isEmpty();
    assertThat(Suggestion.hint("xyz", List.of())).isEmpty();
  }
}
