package vesper.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static vesper.memory.Streams.DAY;
import static vesper.memory.Streams.memory;
import static vesper.memory.Streams.pinned;
import static vesper.memory.Streams.superseded;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CompactionTest {

  private static final long NOW = 100 * DAY;

  @Provide
  Arbitrary<List<Memory>> streams() {
    return Streams.streams();
  }

  private static List<Memory> slight(int count, long at) {
    return IntStream.range(0, count)
        .mapToObj(i -> memory("s%04d".formatted(i), "slight " + i, 2, at + i))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  @Test
  void plan_withinTheLimit_isNothing() {
    assertThat(Compaction.plan(slight(2000, 0), NOW, 2000)).isEmpty();
  }

  @Test
  void plan_overTheLimit_mergesATenthOfIt() {
    var plan = Compaction.plan(slight(2001, 0), NOW, 2000).orElseThrow();

    assertThat(plan.merged()).hasSize(200);
    assertThat(plan.merged()).extracting(Memory::id).startsWith("s0000", "s0001");
    assertThat(plan.text())
        .isEqualTo(
            "200 older memories, among them:"
                + " slight 199 / slight 198 / slight 197 / slight 196 / slight 195");
    assertThat(plan.importance()).isEqualTo(2);
    assertThat(plan.createdAt()).isEqualTo(199);
    assertThat(plan.lastUsedAt()).isEqualTo(199);
  }

  @Test
  void plan_recentImportantOrPinned_stay() {
    var stream = slight(4, 0);
    stream.add(memory("recent", "x", 1, NOW - 29 * DAY));
    stream.add(memory("important", "x", 4, 0));
    stream.add(pinned(memory("pinned", "x", 1, 0)));

    assertThat(Compaction.plan(stream, NOW, 6).orElseThrow().merged())
        .extracting(Memory::id)
        .containsExactly("s0000", "s0001");
  }

  @Test
  void plan_superseded_goFirst() {
    var stream = slight(4, 0);
    stream.add(superseded(memory("replaced", "x", 9, NOW)));

    assertThat(Compaction.plan(stream, NOW, 4).orElseThrow().merged())
        .extracting(Memory::id)
        .containsExactly("replaced", "s0000");
  }

  @Test
  void plan_tooFewSlightOnes_mergesTheWeakestOthers() {
    var stream =
        List.of(
            memory("old", "x", 1, 0),
            memory("weak", "x", 5, NOW),
            memory("strong", "x", 9, NOW),
            memory("strongest", "x", 10, NOW));

    assertThat(Compaction.plan(stream, NOW, 3).orElseThrow().merged())
        .extracting(Memory::id)
        .containsExactly("old", "weak");
  }

  @Test
  void plan_allPinned_isNothing() {
    var stream = List.of(pinned(memory("a", "x", 1, 0)), pinned(memory("b", "x", 1, 0)));

    assertThat(Compaction.plan(stream, NOW, 1)).isEmpty();
  }

  @Test
  void plan_longTexts_areCut() {
    var text = "🌊".repeat(200);
    var stream = List.of(memory("a", text, 1, 0), memory("b", "short", 1, 0));

    assertThat(Compaction.plan(stream, NOW, 1).orElseThrow().text())
        .isEqualTo("2 older memories, among them: " + "🌊".repeat(79) + "… / short");
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void plan_keepsTheBoundAndDoesNotDependOnTheOrder(
      @ForAll("streams") List<Memory> stream,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int limit) {
    var plan = Compaction.plan(stream, NOW, limit);
    var shuffled = new ArrayList<>(stream);
    Collections.shuffle(shuffled, new Random(seed));

    assertThat(Compaction.plan(shuffled, NOW, limit)).isEqualTo(plan);
    plan.ifPresent(compaction -> {
      assertThat(compaction.merged()).noneMatch(Memory::pinned).doesNotHaveDuplicates();
      long pinned = stream.stream().filter(Memory::pinned).count();
      assertThat(stream.size() - compaction.merged().size() + 1L)
          .isLessThanOrEqualTo(Math.max(limit, pinned + 1));
    });
  }
}
