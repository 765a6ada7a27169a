package vesper.npc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QuotedTest {

  private static Passage passage(int number, String text, int rank, double cosine) {
    return new Passage(
        new Citation(number, "The City › The Lease", "city", "city#the-lease-" + number, "/d/city"),
        "The City",
        text,
        rank,
        cosine,
        false);
  }

  private static Optional<String> quote(String words, Passage... passages) {
    return Quoted.of(words, List.of(passages)).map(Quoted::sentence);
  }

  @Test
  void of_sentenceThatHoldsMostOfTheQuestion_isQuoted() {
    var passage =
        passage(
            3,
            "The families hold the night. By the *Dusk Lease* of 612 the people have the daylight."
                + " The rent is what the day puts into the ground.",
            1,
            0);

    var quoted = Quoted.of("What is the Dusk Lease?", List.of(passage)).orElseThrow();

    assertThat(quoted.sentence())
        .isEqualTo("By the Dusk Lease of 612 the people have the daylight.");
    assertThat(quoted.citation().number()).isOne();
    assertThat(quoted.citation().section()).isEqualTo("city#the-lease-3");
    assertThat(quoted.marked())
        .isEqualTo("“By the Dusk Lease of 612 the people have the daylight.” [1]");
  }

  @Test
  void of_passageThatFitsBetter_isTaken() {
    var first = passage(1, "The lease is long.", 1, 0);
    var second = passage(2, "The Dusk Lease was signed by the Burgesses.", 2, 0);

    assertThat(quote("Who signed the Dusk Lease?", first, second))
        .contains("The Dusk Lease was signed by the Burgesses.");
  }

  @Test
  void of_passageThatSharesLittle_isNotQuoted() {
    var passage = passage(1, "A boat goes at dusk.", 1, .5);

    assertThat(quote("What does the widow keep in the cellar at dusk?", passage)).isEmpty();
    assertThat(quote("What is it?", passage)).isEmpty();
  }

  @Test
  void of_passageFarDownTheList_isQuotedOnlyForItsMeaning() {
    var text = "The widow keeps candles.";

    assertThat(quote("What does the widow keep?", passage(1, text, 9, .5))).isEmpty();
    assertThat(quote("What does the widow keep?", passage(1, text, 0, .8))).contains(text);
  }

  @Test
  void of_longSentence_isCut() {
    var text = "The ledger " + "holds the names of all who came and went ".repeat(8) + ".";

    assertThat(quote("Where is the ledger?", passage(1, text, 1, 0)).orElseThrow())
        .hasSizeLessThanOrEqualTo(160)
        .startsWith("The ledger holds")
        .endsWith("…");
  }

  @Test
  void of_quotationAndLinkInTheText_standPlain() {
    assertThat(quote("What is Ebb?", passage(1, "Ebb is \"a debt\", see [the law](law.md).", 1, 0)))
        .contains("Ebb is 'a debt', see the law.");
  }

  @Test
  void of_noPassages_isNothing() {
    assertThat(quote("What is the Dusk Lease?")).isEmpty();
  }

  @Test
  void of_sentenceThatLeansOnAnother_comesAfterOneThatStandsAlone() {
    var text = "The Cold Wash began in spring. It is called the Cold Wash. It ended.";

    assertThat(quote("What was the Cold Wash?", passage(1, text, 1, 0)))
        .contains("The Cold Wash began in spring.");
  }

  @Test
  void of_speechInASentence_keepsItsMarks() {
    var text = "The voice asks 'Anything to declare?' Nobody has answered the voice.";

    assertThat(quote("What does it ask you to declare?", passage(1, text, 1, 0)))
        .contains("The voice asks 'Anything to declare?'");
  }

  @Test
  void of_questionForThePerson_isNotForADocument() {
    assertThat(quote("How old are you?", passage(1, "Nobody asks how old they are.", 1, .9)))
        .isEmpty();
  }
}
