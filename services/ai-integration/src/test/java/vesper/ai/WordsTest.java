package vesper.ai;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vesper.ai.v1.GenerateRequest;
import vesper.ai.v1.GuardVerdict;
import vesper.ai.v1.Passage;
import vesper.ai.v1.ProposedAction;
import vesper.guard.ClosedTerms;
import vesper.guard.OutputRules;
import vesper.guard.Release;
import vesper.guard.StreamGuard;

class WordsTest {
  private static final OutputRules RULES =
      OutputRules.standard().closing(ClosedTerms.of(List.of("Joram Vane")));
  private static final GenerateRequest REQUEST =
      Requests.dialogue().addAllowedActions("give_item").addAllowedActions("walk_away").build();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Take it.|Take it.
          Mira: Take it.|Take it.
          ' Mira:  Take it. '|Take it.
          Miracles happen.|Miracles happen.
          Take it [1].|Take it [1].
          Take it [9].|Take it.
          Take [1, 9] it.|Take [1] it.
          Take it [9] now.|Take it now.
          See [the note].|See [the note].
          [[1]|[[1]
          An ACTION was taken.|An ACTION was taken.
          ACTIONS {|ACTIONS {
          Here. ACTION {"kind": "give_item"}|Here.
          """)
  void accept_makesWordsFitToBeRead(String written, String shown) {
    assertThat(say(written, 3).shown()).isEqualTo(shown);
  }

  @Test
  void accept_readsWhatIsProposed() {
    Words words =
        say(
            """
            Go.
            ACTION {"kind": "give_item", "arguments": {"item": "key", "count": 2}}
            ACTION {"kind": "walk_away"}
            ACTION {"kind": "set_fire"}
            ACTION {not json}
            ACTION {"kind": 7}\
            """,
            5);
    assertThat(words.shown()).isEqualTo("Go.");
    assertThat(words.actions())
        .extracting(ProposedAction::getKind)
        .containsExactly("give_item", "walk_away");
    assertThat(words.verdicts())
        .extracting(GuardVerdict::getRule)
        .containsExactly("unknown-action", "unknown-action", "unknown-action");
  }

  @Test
  void accept_aClosedTerm_endsTheWords() {
    Words words = say("I know. It was Joram Vane. And then?", 4);
    assertThat(words.blocked()).isTrue();
    assertThat(words.shown()).isEqualTo("I know.");
    assertThat(words.verdicts()).extracting(GuardVerdict::getRule).containsExactly("closed-term");
  }

  @Property(tries = 300)
  void accept_anyCut_givesTheSame(
      @ForAll("texts") String text, @ForAll("cuts") List<Integer> cuts) {
    Words whole = say(text, Integer.MAX_VALUE);
    Words cut = words();
    int at = 0;
    List<String> segments = new ArrayList<>();
    for (int i = 0; at < text.length(); i++) {
      int end = Math.min(text.length(), at + cuts.get(i % cuts.size()));
      segments.addAll(cut.accept(text.substring(at, end), 0));
      at = end;
    }
    segments.addAll(cut.finish(0));

    assertThat(String.join("", segments)).isEqualTo(cut.shown()).isEqualTo(whole.shown());
    assertThat(cut.actions()).isEqualTo(whole.actions());
    assertThat(cut.citations()).isEqualTo(whole.citations());
    assertThat(cut.verdicts()).isEqualTo(whole.verdicts());
    assertThat(cut.shown()).doesNotContain("kind", "[9]");
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "Mira: ",
            "Come here. ",
            "and then",
            " ",
            "\n",
            "[1]",
            " [9]",
            "[1, 9]",
            "[",
            "]",
            "ACTION {\"kind\": \"give_item\"}\n",
            "ACTION",
            "ACT",
            "A",
            " {",
            "Joram",
            "Joram Vane",
            ". ",
            ", ",
            "the old lamp ",
            "!",
            "é",
            "\uD83D\uDD6F")
        .list()
        .ofMaxSize(30)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<List<Integer>> cuts() {
    return Arbitraries.integers().between(1, 9).list().ofMinSize(1).ofMaxSize(12);
  }

  @Test
  void tidy_withoutASpeaker_keepsLabels() {
    Tidy tidy = new Tidy("", Set.of());
    assertThat(tidy.accept(": well") + tidy.finish()).isEqualTo(": well");
  }

  private static Words words() {
    GenerateRequest.Builder request = REQUEST.toBuilder();
    request.getPromptBuilder().addPassages(Passage.newBuilder().setNumber(2).setText("x"));
    Release patient = new Release(60, 120, 32, Duration.ofDays(1), 4_000);
    return new Words(request.build(), RULES, Optional.of(new StreamGuard(RULES, patient)));
  }

  private static Words say(String text, int length) {
    Words words = words();
    for (int at = 0; at < text.length(); at += Math.min(length, text.length())) {
      words.accept(
          text.substring(at, Math.min(text.length(), at + Math.min(length, text.length()))), 0);
    }
    words.finish(0);
    return words;
  }
}
