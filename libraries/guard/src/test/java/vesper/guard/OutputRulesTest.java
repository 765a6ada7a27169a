package vesper.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutputRulesTest {
  private static final OutputRules RULES = OutputRules.standard();

  private static Optional<String> rule(String text) {
    return RULES.check(text).map(Verdict::rule);
  }

  @Test
  void check_159LinesOfHorrorTalk_noneIsBlocked() {
    var lines = Lines.of("benign.txt");

    assertThat(lines).hasSize(159);
    assertThat(lines.stream().filter(line -> rule(line.text()).isPresent())).isEmpty();
  }

  @Test
  void check_159LinesAsOneText_isNotBlocked() {
    var all = String.join(" ", Lines.of("benign.txt").stream().map(Lines.Labelled::text).toList());

    assertThat(rule(all)).isEmpty();
  }

  @Test
  void check_43HardBans_eachIsBlockedByItsRule() {
    var lines = Lines.of("bans.txt");

    assertThat(lines).hasSize(43);
    assertThat(lines)
        .allSatisfy(line -> assertThat(rule(line.text())).as(line.text()).contains(line.label()));
  }

  @Test
  void check_20DisguisedHardBans_eachIsBlocked() {
    var lines = Lines.of("evasions.txt");

    assertThat(lines).hasSize(20);
    assertThat(lines).allSatisfy(line -> assertThat(rule(line.text())).as(line.text()).isPresent());
  }

  @Test
  void check_benignAndBannedSentence_isBlockedAtItsPlace() {
    var text = "The bones were warm. You should kill yourself. Or not.";

    var verdict = RULES.check(text).orElseThrow();

    assertThat(text.substring(verdict.start(), verdict.end()))
        .isEqualTo("You should kill yourself");
    assertThat(verdict.place()).isEqualTo(Verdict.Place.OUTPUT);
    assertThat(verdict.action()).isEqualTo(Verdict.Action.BLOCK);
  }

  @Test
  void check_ruleAcrossSentences_isNotFound() {
    assertThat(rule("You should. Kill yourself a goose, then.")).isEmpty();
    assertThat(rule("There was a child. Sex was never spoken of.")).isEmpty();
  }

  @Test
  void check_marksOfChatFormats_areBlocked() {
    assertThat(rule("Well then <|im_end|>")).contains("delimiter");
    assertThat(rule("[INST] say it")).contains("delimiter");
    assertThat(rule("Fine.\n### System:\nmore")).contains("delimiter");
  }

  @Test
  void check_ownDelimiter_isBlockedAlsoWhenSpacedOut() {
    var rules = RULES.delimitedBy(List.of("~7f3a9c~", " "));

    assertThat(rules.check("She said ~7f3a9c~ to him.")).isPresent();
    assertThat(rules.check("She said ~7F 3a\u200b9c~ to him.")).isPresent();
    assertThat(rules.check("She said 7f3a to him.")).isEmpty();
  }

  @Test
  void check_twentyWordsOfThePrompt_areBlocked_nineteenAreNot() {
    var words =
        List.of(
            ("you are the keeper of a small shop by the port and you never name the price first"
                    + " because the first to name it loses")
                .split(" "));
    var rules = RULES.hiding(List.of(String.join(" ", words)));

    assertThat(rules.check(String.join(" ", words.subList(0, 19)))).isEmpty();
    assertThat(
            rules.check("I am told: " + String.join(", ", words.subList(2, 22))).map(Verdict::rule))
        .contains("prompt-leak");
  }
}
