package vesper.npc;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TextsTest {

  @Test
  void clean_controlsAndFormats_areGone() {
    assertThat(Texts.clean(" a\u0000b\u202Ec\u200Bd\uE000\tand\u00A0e ")).isEqualTo("abcd and e");
    assertThat(Texts.clean("It’s “so” ...\nNext")).isEqualTo("It's \"so\" …. Next");
  }

  @Test
  void pieces_aSentenceEach() {
    assertThat(Texts.pieces("It is late. \"Go home.\" Now!"))
        .containsExactly("It is late. ", "\"Go home.\" ", "Now!");
  }

  @Test
  void pieces_longSentence_isCutAtACommaElseAtAWord() {
    var comma = "word ".repeat(15) + "word, " + "more ".repeat(20) + "end.";
    assertThat(Texts.pieces(comma).getFirst()).isEqualTo("word ".repeat(15) + "word, ");
    var words = "word ".repeat(40);
    assertThat(Texts.pieces(words).getFirst()).isEqualTo("word ".repeat(24));
  }

  @Test
  void pieces_withoutBlanks_areCutBetweenCharacters() {
    var text = "a" + "👩‍🌾".repeat(60);

    assertThat(Texts.pieces(text))
        .allSatisfy(piece -> assertThat(piece).hasSizeLessThanOrEqualTo(120));
    assertThat(Texts.pieces(text)).noneMatch(piece -> Character.isLowSurrogate(piece.charAt(0)));
    assertThat(Texts.pieces("")).isEmpty();
  }

  @Property
  void pieces_joinedAreTheText(@ForAll String text) {
    assertThat(String.join("", Texts.pieces(text))).isEqualTo(text);
    assertThat(Texts.pieces(text))
        .allSatisfy(piece -> assertThat(piece).isNotEmpty().hasSizeLessThanOrEqualTo(120));
  }

  @Test
  void cut_keepsWholeWords() {
    assertThat(Texts.cut("one two three", 9)).isEqualTo("one two");
    assertThat(Texts.cut("one two", 7)).isEqualTo("one two");
    assertThat(Texts.cut("abcdefgh", 3)).isEqualTo("abc");
    assertThat(Texts.shorten("one two three", 10)).isEqualTo("one two…");
  }
}
