package vesper.memory;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/// Memories and streams of memories for tests.
final class Streams {

  static final long HOUR = 3600;
  static final long DAY = 24 * HOUR;

  private Streams() {}

  static Memory memory(String id, String text, int importance, long at) {
    return new Memory(id, Memory.Kind.DIALOGUE, text, importance, at, at, false, false);
  }

  static Memory pinned(Memory memory) {
    return with(memory, true, memory.superseded());
  }

  static Memory superseded(Memory memory) {
    return with(memory, memory.pinned(), true);
  }

  private static Memory with(Memory memory, boolean pinned, boolean superseded) {
    return new Memory(
        memory.id(),
        memory.kind(),
        memory.text(),
        memory.importance(),
        memory.createdAt(),
        memory.lastUsedAt(),
        pinned,
        superseded);
  }

  /// Streams with unique ids and few distinct times and words, so that ties are frequent.
  static Arbitrary<List<Memory>> streams() {
    var texts =
        Arbitraries.of("salt", "ledger", "boat", "the", "river")
            .list()
            .ofMaxSize(4)
            .map(words -> String.join(" ", words));
    var flags = Arbitraries.integers().between(0, 9);
    return Combinators.combine(
            texts,
            Arbitraries.integers().between(1, 10),
            Arbitraries.longs().between(0, 8).map(days -> days * 10 * DAY),
            Arbitraries.longs().between(0, 3).map(hours -> hours * HOUR),
            flags)
        .as((text, importance, at, later, flag) ->
            new Memory(
                "",
                Memory.Kind.OBSERVATION,
                text,
                importance,
                at,
                at + later,
                flag == 0,
                flag == 1))
        .list()
        .ofMaxSize(60)
        .map(list ->
            IntStream.range(0, list.size())
                .mapToObj(i -> named("m%03d".formatted(i), list.get(i)))
                .toList());
  }

  private static Memory named(String id, Memory memory) {
    return new Memory(
        id,
        memory.kind(),
        memory.text(),
        memory.importance(),
        memory.createdAt(),
        memory.lastUsedAt(),
        memory.pinned(),
        memory.superseded());
  }
}
