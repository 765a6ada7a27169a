package vesper.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static vesper.memory.Streams.DAY;
import static vesper.memory.Streams.HOUR;
import static vesper.memory.Streams.memory;
import static vesper.memory.Streams.pinned;
import static vesper.memory.Streams.superseded;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import vesper.memory.Recall.Recalled;

class RecallTest {

  private static final long NOW = 100 * DAY;

  @Provide
  Arbitrary<List<Memory>> streams() {
    return Streams.streams();
  }

  private static List<String> ids(List<Recalled> recalled) {
    return recalled.stream().map(each -> each.memory().id()).toList();
  }

  @Test
  void recall_sharedWords_comeFirst() {
    var stream =
        List.of(
            memory("a", "He likes the rain.", 5, NOW),
            memory("b", "She lost a ledger in the canal.", 5, NOW),
            memory("c", "The baker closed early.", 5, NOW));

    assertThat(ids(Recall.recall(stream, "Who lost ledgers?", NOW, 1))).containsExactly("b");
  }

  @Test
  void recall_usedAnHourAgo_outranksAnEqualOneUsedHundredHoursAgo() {
    var recent = new Memory("z", Memory.Kind.PLAN, "a boat", 5, 0, NOW - HOUR, false, false);
    var stale = new Memory("a", Memory.Kind.PLAN, "a boat", 5, 0, NOW - 100 * HOUR, false, false);

    assertThat(ids(Recall.recall(List.of(stale, recent), "boat", NOW, 2)))
        .containsExactly("z", "a");
  }

  @Test
  void recall_equals_newerThenSmallerId() {
    var used = NOW - HOUR;
    var stream =
        List.of(
            new Memory("b", Memory.Kind.PLAN, "x", 5, 10, used, false, false),
            new Memory("a", Memory.Kind.PLAN, "x", 5, 10, used, false, false),
            new Memory("c", Memory.Kind.PLAN, "x", 5, 20, used, false, false));

    assertThat(ids(Recall.recall(stream, "x", NOW, 3))).containsExactly("c", "a", "b");
  }

  @Test
  void recall_outsideTheCandidates_isFoundOnlyWhenPinned() {
    var old = new Memory("old", Memory.Kind.PLAN, "a key", 10, 0, NOW, false, false);
    List<Memory> stream = new ArrayList<>();
    IntStream.range(0, 40)
        .forEach(i -> stream.add(memory("n%02d".formatted(i), "salt " + i, 1, NOW - i)));

    assertThat(ids(Recall.recall(with(stream, old), "boat", NOW, 1))).containsExactly("n00");
    assertThat(ids(Recall.recall(with(stream, pinned(old)), "boat", NOW, 1)))
        .containsExactly("old");
  }

  @Test
  void recall_candidatesAreTenPerResultByEachWay() {
    List<Memory> stream = new ArrayList<>();
    IntStream.range(0, 10).forEach(i -> stream.add(memory("r" + i, "salt", 1, i)));
    stream.add(memory("eleventh", "salt pepper oil vinegar mustard honey", 10, 5));
    IntStream.range(0, 10).forEach(i -> stream.add(memory("n" + i, "rain", 1, NOW - i)));

    assertThat(ids(Recall.recall(stream, "salt", NOW, 1))).doesNotContain("eleventh");
  }

  @Test
  void recall_superseded_isLeftOut() {
    var stream =
        List.of(superseded(memory("a", "My name is Ilse", 5, 0)), memory("b", "rain", 1, 0));

    assertThat(ids(Recall.recall(stream, "name", NOW, 5))).containsExactly("b");
  }

  @Test
  void memory_importanceOutOfRange_isRefused() {
    assertThatThrownBy(() -> memory("a", "x", 0, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> memory("a", "x", 11, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void recall_orderOfTheStream_doesNotMatter(
      @ForAll("streams") List<Memory> stream,
      @ForAll long seed,
      @ForAll @IntRange(max = 8) int limit) {
    var shuffled = new ArrayList<>(stream);
    Collections.shuffle(shuffled, new Random(seed));

    assertThat(Recall.recall(shuffled, "salt by the river", NOW, limit))
        .isEqualTo(Recall.recall(stream, "salt by the river", NOW, limit));
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void recall_isSortedBoundedAndWithoutRepeats(
      @ForAll("streams") List<Memory> stream, @ForAll @IntRange(max = 8) int limit) {
    var recalled = Recall.recall(stream, "ledger", NOW, limit);

    assertThat(recalled).hasSizeLessThanOrEqualTo(limit);
    assertThat(new HashSet<>(ids(recalled))).hasSameSizeAs(recalled);
    assertThat(recalled)
        .isSortedAccordingTo((a, b) -> Double.compare(b.score().total(), a.score().total()));
    assertThat(recalled).noneMatch(each -> each.memory().superseded());
  }

  private static List<Memory> with(List<Memory> stream, Memory one) {
    var all = new ArrayList<>(stream);
    all.add(one);
    return all;
  }
}
