package vesper.npc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProposalTest {

  private static Proposal change(String feeling, double by) {
    return new Proposal("change_relation", Map.of(feeling, Optional.of(by)));
  }

  @Test
  void judge_validChanges_areOneWithinATurn() {
    var judged =
        Proposal.judge(List.of(change("trust", 9), change("fear", -2), change("respect", 1)));

    assertThat(judged.valid()).isTrue();
    assertThat(judged.change()).isEqualTo(new Relation(5, 0, 1, -2));
    assertThat(judged.refused()).isEmpty();
  }

  @Test
  void judge_whatMakesNoSense_isRefusedWithTheReason() {
    var judged =
        Proposal.judge(
            List.of(
                new Proposal("give_gold", Map.of()),
                new Proposal("change_relation", Map.of()),
                new Proposal("change_relation", Map.of("trust", Optional.empty())),
                change("love", 1),
                change("trust", Double.NaN),
                change("affection", 2)));

    assertThat(judged.change()).isEqualTo(new Relation(0, 2, 0, 0));
    assertThat(judged.refused())
        .extracting(deed -> deed.refused().orElse(""))
        .containsExactly(
            "people cannot do this",
            "it names no feeling",
            "trust is no number",
            "there is no such feeling",
            "trust is no number");
  }

  @Test
  void judge_nothing_changesNothing() {
    assertThat(Proposal.judge(List.of()).valid()).isFalse();
    assertThat(Proposal.judge(List.of()).change()).isEqualTo(Relation.NONE);
  }
}
