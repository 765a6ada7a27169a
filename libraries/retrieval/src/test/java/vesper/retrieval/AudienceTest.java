package vesper.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class AudienceTest {

  @Provide
  Arbitrary<Set<String>> labels() {
    return Arbitraries.of("A", "B", "C", "D").set().ofMaxSize(4).map(AudienceTest::withPublic);
  }

  @Provide
  Arbitrary<Audience> audiences() {
    return Arbitraries.of(Audience.PUBLIC, "A", "B", "C", "D")
        .set()
        .ofMinSize(1)
        .ofMaxSize(3)
        .list()
        .ofMaxSize(4)
        .map(Audience::new);
  }

  private static Set<String> withPublic(Set<String> labels) {
    var all = new java.util.HashSet<>(labels);
    all.add(Audience.PUBLIC);
    return all;
  }

  @Property
  void and_holdsThoseWhomBothHold(
      @ForAll("audiences") Audience one,
      @ForAll("audiences") Audience other,
      @ForAll("labels") Set<String> labels) {
    assertThat(one.and(other).holds(labels)).isEqualTo(one.holds(labels) && other.holds(labels));
  }

  @Property
  void clauses_leftOut_changeNothing(
      @ForAll("audiences") Audience audience, @ForAll("labels") Set<String> labels) {
    assertThat(new Audience(audience.clauses()).holds(labels)).isEqualTo(audience.holds(labels));
  }

  @Test
  void holds_needsAllLabelsOfOneClause() {
    var audience = new Audience(List.of(Set.of("A", "B"), Set.of("C")));

    assertThat(audience.holds(Set.of("A"))).isFalse();
    assertThat(audience.holds(Set.of("A", "B", "X"))).isTrue();
    assertThat(audience.holds(Set.of("C"))).isTrue();
    assertThat(new Audience(List.of()).holds(Set.of("A"))).isFalse();
    assertThat(Audience.EVERYBODY.holds(Set.of(Audience.PUBLIC))).isTrue();
  }

  @Test
  void new_dropsClausesThatAnotherMakesNeedless() {
    assertThat(new Audience(List.of(Set.of("A", "B"), Set.of("B"), Set.of("B", "C"))).clauses())
        .containsExactly(Set.of("B"));
  }

  @Test
  void and_withEverybody_isTheSame() {
    var audience = new Audience(List.of(Set.of("A", "B"), Set.of("C")));

    assertThat(audience.and(Audience.EVERYBODY)).isEqualTo(audience);
    assertThat(Audience.EVERYBODY.and(Audience.EVERYBODY)).isEqualTo(Audience.EVERYBODY);
  }
}
