package vesper.npc;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import vesper.npc.Utterance.Sentence;

class UtteranceTest {

  @Test
  void of_severalSentences() {
    assertThat(Utterance.of("Hello! I met Dr. Thorne; who is she? Fine…").sentences())
        .containsExactly(
            new Sentence("Hello", false),
            new Sentence("I met Dr. Thorne", false),
            new Sentence("who is she", true),
            new Sentence("Fine", false));
  }

  @Test
  void of_quotation_isMarkedAndRestored() {
    var utterance = Utterance.of("He said \"I am Ilse.\" My brother's boat is 'Patience'.");

    assertThat(utterance.sentences()).hasSize(2);
    assertThat(utterance.sentences().get(0).text()).doesNotContain("Ilse");
    assertThat(utterance.restored(utterance.sentences().get(1).text()))
        .isEqualTo("My brother's boat is 'Patience'");
    assertThat(utterance.restored("\uE000")).isEqualTo("I am Ilse");
  }

  @Test
  void of_openQuotation_lastsToTheEnd() {
    assertThat(Utterance.of("He said \"I am Ilse and").sentences().getFirst().text())
        .doesNotContain("Ilse");
  }

  @Property
  void of_anything_isRestored(@ForAll String words) {
    var utterance = Utterance.of(words);

    for (var sentence : utterance.sentences()) {
      assertThat(utterance.verbatim()).contains(utterance.restored(sentence.text()));
    }
  }

  @Property
  void facts_ofAnything_areBounded(@ForAll String words) {
    for (var fact : FactReader.read(Utterance.of("My home is " + words))) {
      assertThat(fact.value().codePointCount(0, fact.value().length())).isBetween(1, 160);
    }
  }
}
