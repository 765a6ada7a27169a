package vesper.npc;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import vesper.memory.Memory;
import vesper.memory.Recall;
import vesper.memory.Recall.Recalled;
import vesper.npc.Conversation.Pair;
import vesper.npc.MemoryTable.Place;
import vesper.npc.MemoryTable.Stored;
import vesper.runtime.Database;

/// What people remember, for those who design worlds. Looking at memories does not count as
/// remembering.
final class Memories {

  private final Database database;
  private final Supplier<String> ids;
  private final int most;
  private final Embedder embedder;

  Memories(Database database, Supplier<String> ids, int most, Embedder embedder) {
    this.database = database;
    this.ids = ids;
    this.most = most;
    this.embedder = embedder;
  }

  /// A memory that came to mind, and whom it concerns.
  record Found(Stored stored, Recalled recalled) {}

  /// Adds a memory within a transaction of somebody else.
  Remembered add(Handle handle, Pair pair, Memory.Kind kind, String text, int importance, long at) {
    var memory = new Memory(ids.get(), kind, text, importance, at, at, false, false);
    var remembered = new Remembered(memory, Optional.empty());
    MemoryTable.add(handle, pair, List.of(remembered));
    MemoryTable.keepWithin(handle, pair, most, at, ids);
    return remembered;
  }

  List<Stored> list(Pair pair, Place after, int count) {
    return database.read("memory.list", handle -> MemoryTable.list(handle, pair, after, count));
  }

  /// Returns what fits a query best of all that concerns a player and the world at large: by words
  /// and by meaning, or by words alone when nobody makes vectors in time.
  List<Found> recall(Pair pair, String query, int count, long gameSeconds) {
    var players = List.of(pair.player(), MemoryTable.NOBODY).stream().distinct().toList();
    var all =
        database.read(
            "memory.recall", handle -> MemoryTable.all(handle, pair.world(), pair.npc(), players));
    var stream = all.stream().map(each -> each.remembered().memory()).toList();
    Map<String, Stored> byId = new HashMap<>();
    all.forEach(each -> byId.put(each.remembered().memory().id(), each));
    var likeness = stream.isEmpty() ? Map.<String, Double>of() : likeness(pair, players, query);
    return Recall.recall(stream, query, likeness, gameSeconds, count).stream()
        .map(recalled ->
            new Found(Objects.requireNonNull(byId.get(recalled.memory().id())), recalled))
        .toList();
  }

  private Map<String, Double> likeness(Pair pair, List<String> players, String query) {
    return embedder.query(query).map(asked -> likeness(pair, players, asked)).orElse(Map.of());
  }

  private Map<String, Double> likeness(Pair pair, List<String> players, Vector asked) {
    var vectors =
        database.read(
            "memory.vectors",
            handle -> VectorTable.of(handle, pair.world(), pair.npc(), players, asked.model()));
    Map<String, Double> likeness = new HashMap<>();
    vectors.forEach((id, vector) -> likeness.put(id, asked.cosine(vector)));
    return likeness;
  }
}
