package vesper.worldpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineTest {

  @Test
  void parse_textAndSlots_keepsTheirOrder() {
    assertThat(Line.parse("Good {day_part}, {player}.").parts())
        .containsExactly(
            new Line.Part.Text("Good "),
            new Line.Part.Hole(Slot.DAY_PART),
            new Line.Part.Text(", "),
            new Line.Part.Hole(Slot.PLAYER),
            new Line.Part.Text("."));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{player}, hello.          | Friend, hello.",
        "Hello, {player}.          | Hello, friend.",
        "Hm. {player} again.       | Hm. Friend again.",
        "Who? {player}!            | Who? Friend!",
        "She said. '{player}'      | She said. 'Friend'",
        "({player})                | (Friend)",
        "e.g {player}              | e.g friend",
        "Wait… {player}            | Wait… friend",
        "{{{player}}}              | {friend}",
      })
  void fill_valueAtTheStartOfASentence_getsACapital(String line, String said) {
    assertThat(Line.parse(line).fill(Map.of(Slot.PLAYER, "friend"))).isEqualTo(said);
  }

  @Test
  void fill_emptyValue_leavesNothing() {
    assertThat(Line.parse("{player}!").fill(Map.of(Slot.PLAYER, ""))).isEqualTo("!");
  }

  @Test
  void fill_slotWithoutValue_throws() {
    assertThatThrownBy(() -> Line.parse("Hello, {player}.").fill(Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The slot player has no value");
  }

  @ParameterizedTest
  @CsvSource({"Hello {plyaer}", "Hello {player", "Hello player}", "{}"})
  void parse_notALine_throws(String text) {
    assertThatThrownBy(() -> Line.parse(text)).isInstanceOf(IllegalArgumentException.class);
    assertThat(Line.scan(text).faults()).hasSize(1);
  }

  @Test
  void slots_namesEachOnce() {
    assertThat(Line.parse("{npc}, {npc} and {place}").slots())
        .containsExactly(Slot.NPC, Slot.PLACE);
  }

  @Property
  void fill_textWithoutSlots_isUnchanged(
      @ForAll @CharRange(from = ' ', to = 'z') @StringLength(max = 60) String text) {
    assertThat(Line.parse(text).fill(Map.of())).isEqualTo(text);
  }

  @Property
  void parse_escapedBraces_giveThemBack(@ForAll @Chars({'{', '}', 'a', ' '}) String text) {
    var escaped = text.replace("{", "{{").replace("}", "}}");

    assertThat(Line.parse(escaped).fill(Map.of())).isEqualTo(text);
  }

  @Property
  void scan_anyText_neverThrows(@ForAll @StringLength(max = 80) String text) {
    assertThat(Line.scan(text).faults()).isInstanceOf(List.class);
  }
}
