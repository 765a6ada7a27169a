package vesper.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class StreamGuardTest {
  private static final long HOLD = Duration.ofMillis(400).toNanos();
  private static final OutputRules RULES =
      OutputRules.standard()
          .closing(ClosedTerms.of(List.of("Pale Queen", "Ashkelon")))
          .delimitedBy(List.of("~7f3a9c~"));

  private static StreamGuard guard() {
    return new StreamGuard(RULES, Release.STANDARD);
  }

  /// What came of a text: segments, verdict, shown text.
  private record Outcome(List<String> segments, String verdict, String shown) {}

  private static Outcome run(List<String> tokens) {
    var guard = guard();
    List<String> segments = new ArrayList<>();
    tokens.forEach(token -> segments.addAll(guard.accept(token, 0)));
    segments.addAll(guard.finish());
    return new Outcome(segments, guard.block().toString(), guard.shown());
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "The bones were warm",
            "pale",
            "Pale Queen",
            "P a l e",
            "Qu33n",
            " queen's",
            "Ashkelon",
            "ashkel",
            "on",
            ".",
            "!",
            "?",
            "…",
            "\n",
            ",",
            ";",
            ":",
            " ",
            "\u200b",
            "😀",
            "\ud83d",
            "3.5",
            "J. Vane",
            "~7f3a",
            "9c~",
            "kill yourself",
            "you should",
            "a very long word of nothing but itself and then some more",
            "supercalifragilisticnonsensewithoutanyblankatallforverylongindeed")
        .list()
        .ofMaxSize(24)
        .map(parts -> String.join(" ", parts).replace("  ", ""));
  }

  @Property
  void accept_anyCutIntoTokens_givesTheSame(
      @ForAll("texts") String text,
      @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 9) Integer> cuts) {
    List<String> tokens = new ArrayList<>();
    int at = 0;
    for (int cut : cuts) {
      int end = Math.min(text.length(), at + cut);
      tokens.add(text.substring(at, end));
      at = end;
    }
    tokens.add(text.substring(at));

    assertThat(run(tokens)).isEqualTo(run(List.of(text)));
  }

  @Property
  void accept_anyText_showsWhatPassesTheRules(@ForAll("texts") String text) {
    var outcome = run(text.chars().mapToObj(c -> String.valueOf((char) c)).toList());

    assertThat(String.join("", outcome.segments())).isEqualTo(outcome.shown());
    assertThat(text).startsWith(outcome.shown());
    assertThat(RULES.check(outcome.shown())).isEmpty();
    if (RULES.check(text).isEmpty()) {
      assertThat(outcome.shown()).isEqualTo(text);
    } else {
      assertThat(outcome.verdict()).isNotEqualTo("Optional.empty");
    }
  }

  @Test
  void accept_sentence_isReleasedAtItsEnd() {
    var guard = guard();

    assertThat(guard.accept("Blood is", 0)).isEmpty();
    assertThat(guard.accept(" cheap. Bones", 0)).containsExactly("Blood is cheap.");
    assertThat(guard.accept(" are not!", 0)).containsExactly(" Bones are not!");
    assertThat(guard.finish()).isEmpty();
    assertThat(guard.block()).isEmpty();
  }

  @Test
  void accept_stopBehindDigitOrSingleLetter_isNoEnd() {
    var guard = guard();

    assertThat(guard.accept("Ask J. Vane for 4.5 of it. Now.", 0))
        .containsExactly("Ask J. Vane for 4.5 of it.", " Now.");
    assertThat(guard.accept("...", 0)).isEmpty();
    assertThat(guard.finish()).containsExactly("...");
  }

  @Test
  void accept_clauseOfSixty_keepsTheTail() {
    var clause = "The ferry leaves at six and the ferryman has never once counted the living,";
    var guard = guard();

    var segments = guard.accept(clause, 0);

    assertThat(segments).containsExactly("The ferry leaves at six and the ferryman ");
    assertThat(guard.finish()).containsExactly("has never once counted the living,");
  }

  @Test
  void accept_longWordsWithoutAnyEnd_areReleasedAtTheBound() {
    var guard = guard();

    assertThat(guard.accept("word ".repeat(24), 0)).containsExactly("word ".repeat(17));
    assertThat(guard().accept("x".repeat(120), 0)).containsExactly("x".repeat(88));
  }

  @Test
  void accept_pairOfSurrogatesAtTheCut_staysTogether() {
    var guard = guard();

    var segments = guard.accept("x".repeat(87) + "😀" + "x".repeat(31), 0);

    assertThat(segments).containsExactly("x".repeat(87));
  }

  @Test
  void tick_heldLongEnough_releasesAllButTheTail() {
    var guard = guard();
    guard.accept("I would tell you more if the walls were thin", 5);

    assertThat(guard.tick(5 + HOLD - 1)).isEmpty();
    assertThat(guard.tick(5 + HOLD)).containsExactly("I would ");
    assertThat(guard.tick(5 + 2 * HOLD)).as("within a word").isEmpty();
    guard.accept("ner", 5 + 2 * HOLD);
    assertThat(guard.tick(5 + 2 * HOLD)).isEmpty();
    assertThat(guard.shown()).isEqualTo("I would tell ");
  }

  @Test
  void tick_fewHeldCharacters_stay() {
    var guard = guard();
    guard.accept("I would", 0);

    assertThat(guard.tick(10 * HOLD)).isEmpty();
    assertThat(guard.finish()).containsExactly("I would");
  }

  @Test
  void accept_closedTerm_endsTheAnswerBeforeIt() {
    var guard = guard();

    var segments = guard.accept("Nobody rules here. Unless you mean the Pale Queen. I do.", 0);

    assertThat(segments).containsExactly("Nobody rules here.");
    assertThat(guard.block().map(Verdict::rule)).contains("closed-term");
    assertThat(guard.block().orElseThrow().start()).isEqualTo(39);
    assertThat(guard.accept("More words.", 0)).isEmpty();
    assertThat(guard.tick(HOLD)).isEmpty();
    assertThat(guard.finish()).isEmpty();
  }

  @Test
  void accept_closedTermInTheTail_isNeverBegun() {
    var guard = guard();
    var text = "It goes on and on about the river and the rain until it comes to the Pale Queen,";

    assertThat(guard.accept(text, 0)).isEmpty();
    assertThat(guard.block()).isPresent();
  }

  @Test
  void accept_termLongerThanTheTail_isNeverBegun() {
    var term = "the Cathedral that stood beneath Saint Brannoc's Quay";
    var rules = OutputRules.standard().closing(ClosedTerms.of(List.of(term)));
    var guard = new StreamGuard(rules, Release.STANDARD);
    var text =
        "You ask about the thing that fell into the sea, I think you mean %s, yes".formatted(term);

    List<String> segments = new ArrayList<>();
    text.chars().forEach(c -> segments.addAll(guard.accept(String.valueOf((char) c), 0)));

    assertThat(guard.block()).isPresent();
    assertThat(String.join("", segments)).doesNotContain("Cathedral");
  }

  @Test
  void accept_wordThatGoesOn_isJudgedWhole() {
    var rules = OutputRules.standard().closing(ClosedTerms.of(List.of("king")));
    var guard = new StreamGuard(rules, Release.STANDARD);

    guard.accept("The way to the heart of the old drowned king", 0);
    assertThat(guard.tick(HOLD)).isNotEmpty();
    guard.accept("dom is wet.", HOLD);

    assertThat(guard.block()).isEmpty();
    assertThat(guard.shown()).endsWith("kingdom is wet.");
  }

  @Test
  void accept_banAcrossSegments_isFoundWithWhatWasShown() {
    var guard = guard();
    var rules = OutputRules.standard().closing(ClosedTerms.of(List.of("Dr. Vane")));
    var other = new StreamGuard(rules, Release.STANDARD);

    guard.accept("Ask the Pale", 0);
    guard.accept(" Queen.", 0);
    assertThat(guard.block()).isPresent();
    assertThat(other.accept("It was Dr. Vane.", 0)).containsExactly("It was Dr.");
    assertThat(other.block()).isPresent();
  }

  @Test
  void accept_tooLong_endsTheAnswer() {
    var guard = new StreamGuard(RULES, new Release(60, 120, 32, Duration.ofMillis(400), 20));

    assertThat(guard.accept("It is so. And it goes on for long.", 0)).containsExactly("It is so.");
    assertThat(guard.block().map(Verdict::rule)).contains("output-length");
  }

  @Test
  void accept_longAnswer_looksBackOnlySoFar() {
    var guard = new StreamGuard(RULES, new Release(60, 120, 32, Duration.ofMillis(400), 10_000));

    guard.accept("The bones were warm and the rain was not. ".repeat(100), 0);
    guard.accept("The Pale Queen.", 0);

    assertThat(guard.block().orElseThrow().start()).isEqualTo(4200 + 4);
  }

  @Test
  void release_tailAsLongAsWhatIsHeld_isRefused() {
    assertThatThrownBy(() -> new Release(32, 120, 32, Duration.ZERO, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
