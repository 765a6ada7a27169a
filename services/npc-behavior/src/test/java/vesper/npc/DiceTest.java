package vesper.npc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DiceTest {

  @Test
  void next_isTheGoldenStream() {
    var dice = Dice.of(42, "npc:mara", 100, "decide");

    assertThat(dice.next()).isEqualTo(0x921d28a3938c3ccfL);
    assertThat(dice.next()).isEqualTo(0x255cf2cd74af3321L);
    assertThat(dice.next()).isEqualTo(0x685b3baf8a260197L);
  }

  @Test
  void below_isTheGoldenStream() {
    var dice = Dice.of(42, "npc:mara", 100, "decide");

    for (int expected : new int[] {3, 0, 2, 5, 1, 2}) {
      assertThat(dice.below(6)).isEqualTo(expected);
    }
  }

  @Property
  void below_staysInRange(@ForAll long seed, @ForAll @IntRange(min = 1, max = 1000) int bound) {
    assertThat(Dice.of(seed, "a", 1, "b").below(bound)).isBetween(0, bound - 1);
  }

  @Test
  void below_reachesEveryNumber() {
    Set<Integer> seen = new HashSet<>();
    var dice = Dice.of(1, "a", 1, "b");
    for (int i = 0; i < 200; i++) {
      seen.add(dice.below(7));
    }
    assertThat(seen).hasSize(7);
  }
}
