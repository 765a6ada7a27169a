package vesper.npc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import vesper.npc.Encounter.Bond;

class RelationTest {

  private static final long DAY = 86_400;

  @Test
  void standing_weighsTheFeelings() {
    assertThat(new Relation(10, 20, 40, 50).standing()).isCloseTo(4 + 7 + 10 - 10, within(1e-9));
    assertThat(new Relation(-100, -100, -100, 100).standing()).isEqualTo(-100);
  }

  @Test
  void settled_aboveTheBaseline_halvesInSixtyDays_belowInNinety() {
    var baseline = new Relation(10, 0, 0, 0);

    assertThat(new Relation(50, 0, 0, 20).settled(baseline, 60 * DAY))
        .isEqualTo(new Relation(30, 0, 0, 10));
    assertThat(new Relation(-30, 0, -8, 0).settled(baseline, 90 * DAY))
        .isEqualTo(new Relation(-10, 0, -4, 0));
    assertThat(baseline.settled(baseline, -5)).isEqualTo(baseline);
  }

  @Test
  void plus_staysWithinTheScales() {
    assertThat(new Relation(98, -98, 0, 3).plus(new Relation(5, -5, 1, -5)))
        .isEqualTo(new Relation(100, -100, 1, 0));
  }

  @Test
  void allowedAfter_fiveInATurn_fifteenInATalk() {
    assertThat(new Relation(9, -9, 1, 0).allowedAfter(Relation.NONE))
        .isEqualTo(new Relation(5, -5, 1, 0));
    assertThat(new Relation(5, -5, 2, 0).allowedAfter(new Relation(13, -15, 0, 0)))
        .isEqualTo(new Relation(2, 0, 2, 0));
  }

  @Property
  void settled_neverLeavesTheWayToTheBaseline(
      @ForAll @DoubleRange(min = -100, max = 100) double feeling,
      @ForAll @DoubleRange(min = -100, max = 100) double base,
      @ForAll long seconds) {
    var settled = new Relation(feeling, 0, 0, 0).settled(new Relation(base, 0, 0, 0), seconds);

    assertThat(settled.trust())
        .isBetween(Math.min(feeling, base) - 1e-9, Math.max(feeling, base) + 1e-9);
  }

  @Test
  void moved_beginsAtTheBaseline_andCountsVersions() {
    var baseline = new Relation(5, 10, 0, 0);
    var first = Bond.moved(Optional.empty(), baseline, new Relation(1, 0, 0, 0), 100);
    var second = Bond.moved(Optional.of(first), baseline, new Relation(0, 0, 2, 0), 50);

    assertThat(first).isEqualTo(new Bond(new Relation(6, 10, 0, 0), 100, baseline.standing(), 1));
    assertThat(second.version()).isEqualTo(2);
    assertThat(second.since()).isEqualTo(100);
    assertThat(second.feelings()).isEqualTo(new Relation(6, 10, 2, 0));
  }
}
