package vesper.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordTest {

  private static List<String> letters(String text) {
    return Reading.of(text).words().stream().map(Word::letters).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "kings,king",
    "queen's,queen",
    "bodies,body",
    "ties,tie",
    "boxes,box",
    "axes,axe",
    "witches,witch",
    "bosses,boss",
    "ashes,ash",
    "houses,house",
    "boss,boss",
    "this,this",
    "abacus,abacus",
    "gas,gas",
    "kingsss,king",
    "sss,sss"
  })
  void of_pluralAndSingular_areOneWord(String plural, String singular) {
    assertThat(letters(plural)).isEqualTo(letters(singular));
  }

  @ParameterizedTest
  @CsvSource({
    "tall,tail,false",
    "fall,fail,false",
    "taaall,tall,true",
    "talllll,tall,true",
    "tal,tall,false",
    "kiill,kill,true",
    "tall,tall,true",
    "bookkeeper,bokeper,false"
  })
  void reads_runsOfLetters(String text, String pattern, boolean reads) {
    assertThat(Word.reads(text, pattern)).isEqualTo(reads);
  }

  @Test
  void reads_restOfEither_isNoMatch() {
    assertThat(Word.reads("ab", "a")).isFalse();
    assertThat(Word.reads("a", "ab")).isFalse();
  }

  @Test
  void of_numbersAndSigns_stayWhatTheyAre() {
    assertThat(letters("12 men, $5 @ 3.5!")).containsExactly("12", "men", "5", "3", "5");
    assertThat(letters("Stop!Now wh@t b!g x|y")).contains("stop", "now", "what");
    assertThat(letters("''' a' 'b don't")).containsExactly("a", "b", "dont");
    assertThat(letters("k!ll ! l")).hasSize(2);
  }

  @Test
  void of_spacedLetters_areOneWordWhenTheGapsAreEqual() {
    assertThat(letters("k i n g")).containsExactly("king");
    assertThat(letters("k-i-n-g")).containsExactly("king");
    assertThat(letters("k i-n g")).containsExactly("k", "i", "n", "g");
    assertThat(letters("a b")).containsExactly("a", "b");
    assertThat(letters("a\nb\nc")).containsExactly("a", "b", "c");
    assertThat(letters("a1b1c")).hasSize(1);
    assertThat(letters("k i n gate")).containsExactly("kin", "gate");
  }
}
