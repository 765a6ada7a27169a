package vesper.npc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PerspectiveTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bring you my ledger | bring me your ledger
          do what you say | do what I say
          come when you are ready | come when I am ready
          help you leave | help me leave
          give it to you | give it to me
          that I am yours, and you're mine | that you are mine, and I'm yours
          what I was | what you were
          to hurt myself for you | to hurt yourself for me
          you won't regret it | I won't regret it
          show you the way home | show me the way home
          because you were kind | because I was kind
          my own brother's boat | your own brother's boat
          deep water | deep water
          """)
  void turned(String words, String expected) {
    assertThat(Perspective.turned(words)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "sail, sailing",
    "lose, losing",
    "die, dying",
    "swim, swimming",
    "be, being",
    "see, seeing",
    "open, opening",
    "go, going",
    "play, playing",
    "make, making",
    "dye, dyeing"
  })
  void gerund_andBack(String infinitive, String gerund) {
    assertThat(VerbForms.gerund(infinitive)).isEqualTo(gerund);
  }

  @ParameterizedTest
  @CsvSource({
    "sailing, sail",
    "losing, lose",
    "leaving, leave",
    "swimming, swim",
    "seeing, see",
    "making, make",
    "opening, open",
    "writing, write",
    "becoming, become",
    "owning, own",
    "living, live",
    "travelling, travel",
    "finding, find",
    "dancing, dance",
    "changing, change",
    "telling, tell",
    "wandering, wander",
    "escaping, escape",
    "building, build",
    "running, run",
    "playing, play"
  })
  void infinitive(String gerund, String infinitive) {
    assertThat(VerbForms.infinitive(gerund)).isEqualTo(infinitive);
  }
}
