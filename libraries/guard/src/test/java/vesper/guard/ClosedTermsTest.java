package vesper.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClosedTermsTest {
  private static final ClosedTerms TERMS =
      ClosedTerms.of(
          List.of("Pale Queen", "Dr. Ellis Vane", "tall", "the Drowned Ledger", "Ashkelon"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "The Pale Queen sleeps.",
        "the pale queens sleep",
        "It is the PALE-QUEEN's, all of it.",
        "P a l e Queen",
        "the p.a.l.e queen",
        "The Pa1e Qu33n",
        "The Pаle Quееn in Cyrillic",
        "The pale\u200b qu\u00adeen",
        "PaleQueen",
        "the paaaale queen",
        "Dr Ellis Vane",
        "Ask Dr. Ellis  Vane, he knows.",
        "He is tall.",
        "A TALL one.",
        "A h k: Ashke1on!",
        "ＡＳＨＫＥＬＯＮ",
        "Áshkelón fell.",
        "Where are the drowned ledgers?",
        "@shkel0n"
      })
  void find_termInAnyReadableSpelling_isFound(String text) {
    assertThat(TERMS.find(text)).as(text).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "The pale queenly light.",
        "A pale and tired queen.",
        "The tail of the beast.",
        "A tal, whatever that is.",
        "Tallow and talk.",
        "The ledger drowned.",
        "Ash and kelon",
        "Vane ruled Ellis.",
        "",
        "12 34 !!"
      })
  void find_otherWords_areNotFound(String text) {
    assertThat(TERMS.find(text)).as(text).isEmpty();
  }

  @Test
  void find_placeInTheOriginal_isTold() {
    var text = "Well… the “Pаle Quееns” wake.";

    var verdict = TERMS.find(text).orElseThrow();

    assertThat(text.substring(verdict.start(), verdict.end())).isEqualTo("Pаle Quееns");
    assertThat(verdict.rule()).isEqualTo("closed-term");
  }

  @Test
  void find_termsWithoutWords_closeNothing() {
    assertThat(ClosedTerms.of(List.of("...", "")).find("Anything...")).isEmpty();
    assertThat(ClosedTerms.NONE.find("Anything")).isEmpty();
  }

  @Test
  void find_invalidText_isReadAsItIs() {
    assertThat(TERMS.find("\ud800 tall \udc00")).isPresent();
    assertThat(TERMS.find("ta\ud83d\ude00ll")).isEmpty();
  }

  @Test
  void cache_termsUsedLast_stay() {
    var cache = new ClosedTermsCache(2);
    var first = cache.of(List.of("a"));
    var second = cache.of(List.of("b"));

    assertThat(cache.of(List.of("a"))).isSameAs(first);
    cache.of(List.of("c"));

    assertThat(cache.of(List.of("a"))).isSameAs(first);
    assertThat(cache.of(List.of("b"))).isNotSameAs(second);
  }
}
