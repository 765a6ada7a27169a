package vesper.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class LexiconTest {
  private static final Lexicon LEXICON =
      Lexicon.parse(
          """
          # a comment
          bread = loaf, rye bread,
            bun
          butter = butter   # spread
          no = without
          breakfast: bread ~2 butter unless no
          order: butter +1 bread
          both: bread ~1 butter +0 no
          """);

  private static List<String> rules(String text) {
    return LEXICON.find(Reading.of(text)).stream().map(Lexicon.Finding::rule).toList();
  }

  @Test
  void find_nearInEitherOrder() {
    assertThat(rules("A loaf with some butter")).containsExactly("breakfast");
    assertThat(rules("Butter on a bun")).containsExactly("breakfast");
    assertThat(rules("A loaf with some more butter")).isEmpty();
  }

  @Test
  void find_ordered() {
    assertThat(rules("butter the buns")).containsExactly("breakfast", "order");
  }

  @Test
  void find_excused() {
    assertThat(rules("A loaf without butter")).isEmpty();
    assertThat(rules("Without it, a rye bread and butter")).isEmpty();
    assertThat(rules("Without. A loaf and butter")).containsExactly("breakfast");
    assertThat(rules("A loaf, butter, without salt")).containsExactly("breakfast", "both");
  }

  @Test
  void find_inOneSentenceOnly() {
    assertThat(rules("A loaf. Butter")).isEmpty();
    assertThat(rules("")).isEmpty();
  }

  @Test
  void find_overlapping_isNoPair() {
    var lexicon = Lexicon.parse("a = rye bread\nb = bread\nx: a ~3 b");

    assertThat(lexicon.find(Reading.of("rye bread"))).isEmpty();
  }

  @Test
  void parse_unknownClass_isRefused() {
    assertThatThrownBy(() -> Lexicon.parse("x: a +1 b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("No class a");
    assertThatThrownBy(() -> Lexicon.load("absent.txt"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
