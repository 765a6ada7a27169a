package vesper.npc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import vesper.memory.Compaction;
import vesper.memory.Memory;
import vesper.npc.Conversation.Pair;
import vesper.npc.KnownFacts.Known;
import vesper.pack.v1.Predicate;

/// Memories in PostgreSQL. What a person remembers of the world at large has an empty player.
final class MemoryTable {

  /// The player of memories that concern no player.
  static final String NOBODY = "";

  /// All but the vector, of a table called m.
  static final String COLUMNS =
      """
      m.memory_id, m.player_id, m.kind, m.text, m.importance, m.created_game_seconds, m.last_used_game_seconds,
      m.pinned, m.subject, m.predicate, m.value, m.superseded_by\
      """;

  private static final String PREDICATE = "PREDICATE_";
  private static final String SELECT = "select " + COLUMNS;
  private static final String OF_PAIR =
      " from npc.memory m where world_id = :world and npc_id = :npc and player_id = :player";

  private MemoryTable() {}

  /// A memory and whom it concerns.
  record Stored(String player, Remembered remembered) {}

  /// A place in the list of memories, newest first.
  record Place(long createdAt, String id) {
    static final Place START = new Place(Long.MAX_VALUE, "ffffffff-ffff-ffff-ffff-ffffffffffff");
  }

  /// Returns the newest value of each fact that a player told.
  static KnownFacts facts(Handle handle, Pair pair) {
    return new KnownFacts(
        handle
            .createQuery(SELECT + OF_PAIR + " and predicate is not null and superseded_by is null")
            .bindMap(TalkTable.pairOf(pair))
            .map((row, _) -> stored(row).remembered())
            .stream()
            .flatMap(each -> each.fact().map(fact -> new Known(fact, each.memory())).stream())
            .toList());
  }

  /// Returns memories, newest first, those after a place.
  static List<Stored> list(Handle handle, Pair pair, Place after, int most) {
    return handle
        .createQuery(
            SELECT
                + OF_PAIR
                + " and (created_game_seconds, memory_id) < (:createdAt, :id)"
                + " order by created_game_seconds desc, memory_id desc limit :most")
        .bindMap(TalkTable.pairOf(pair))
        .bind("createdAt", after.createdAt())
        .bind("id", UUID.fromString(after.id()))
        .bind("most", most)
        .map((row, _) -> stored(row))
        .list();
  }

  /// Returns all that a person remembers of some players.
  static List<Stored> all(Handle handle, String world, String npc, Collection<String> players) {
    return handle
        .createQuery(
            SELECT
                + " from npc.memory m"
                + " where world_id = :world and npc_id = :npc and player_id = any(:players)")
        .bind("world", world)
        .bind("npc", npc)
        .bindArray("players", String.class, players)
        .map((row, _) -> stored(row))
        .list();
  }

  /// Adds memories; the facts that they state replace older ones about the same.
  static void add(Handle handle, Pair pair, List<Remembered> memories) {
    for (var made : memories) {
      made.fact().ifPresent(fact -> supersede(handle, pair, fact, made.memory().id()));
    }
    var insert =
        handle.prepareBatch(
            """
            insert into npc.memory (memory_id, world_id, npc_id, player_id, kind, text, importance,
              created_game_seconds, last_used_game_seconds, pinned, subject, predicate, value, sources)
            values (:id, :world, :npc, :player, :kind, :text, :importance, :createdAt, :usedAt, :pinned, :subject,
              :predicate, :value, '{}')\
            """);
    for (var made : memories) {
      var memory = made.memory();
      insert
          .bind("id", UUID.fromString(memory.id()))
          .bindMap(TalkTable.pairOf(pair))
          .bind("kind", memory.kind().name())
          .bind("text", memory.text())
          .bind("importance", memory.importance())
          .bind("createdAt", memory.createdAt())
          .bind("usedAt", memory.lastUsedAt())
          .bind("pinned", memory.pinned())
          .bind("subject", made.fact().map(Fact::subject).orElse(null))
          .bind("predicate", made.fact().map(fact -> word(fact.predicate())).orElse(null))
          .bind("value", made.fact().map(Fact::value).orElse(null))
          .add();
    }
    insert.execute();
  }

  private static void supersede(Handle handle, Pair pair, Fact fact, String by) {
    handle
        .createUpdate(
            """
            update npc.memory set superseded_by = :by, pinned = false
            where world_id = :world and npc_id = :npc and player_id = :player
              and subject = :subject and predicate = :predicate and superseded_by is null\
            """)
        .bindMap(TalkTable.pairOf(pair))
        .bind("by", UUID.fromString(by))
        .bind("subject", fact.subject())
        .bind("predicate", word(fact.predicate()))
        .execute();
  }

  /// Notes that memories were used in an answer.
  static void use(Handle handle, List<String> ids, long gameSeconds) {
    if (ids.isEmpty()) {
      return;
    }
    handle
        .createUpdate(
            """
            update npc.memory set last_used_game_seconds = greatest(last_used_game_seconds, :usedAt)
            where memory_id = any(:ids)\
            """)
        .bind("usedAt", gameSeconds)
        .bindArray("ids", UUID.class, ids.stream().map(UUID::fromString).toList())
        .execute();
  }

  /// Merges the least memories of a pair when it has more than the limit.
  static void keepWithin(
      Handle handle, Pair pair, int limit, long gameSeconds, Supplier<String> ids) {
    int count =
        handle
            .createQuery("select count(*)" + OF_PAIR)
            .bindMap(TalkTable.pairOf(pair))
            .mapTo(Integer.class)
            .one();
    if (count <= limit) {
      return;
    }
    var stream =
        all(handle, pair.world(), pair.npc(), List.of(pair.player())).stream()
            .map(each -> each.remembered().memory())
            .toList();
    Compaction.plan(stream, gameSeconds, limit)
        .ifPresent(compaction -> merge(handle, pair, compaction, ids.get()));
  }

  private static void merge(Handle handle, Pair pair, Compaction compaction, String id) {
    var merged = compaction.merged().stream().map(each -> UUID.fromString(each.id())).toList();
    handle
        .createUpdate("delete from npc.memory where memory_id = any(:ids)")
        .bindArray("ids", UUID.class, merged)
        .execute();
    handle
        .createUpdate(
            """
            insert into npc.memory (memory_id, world_id, npc_id, player_id, kind, text, importance,
              created_game_seconds, last_used_game_seconds, pinned, sources)
            values (:id, :world, :npc, :player, 'REFLECTION', :text, :importance, :createdAt, :usedAt, false,
              :sources)\
            """)
        .bind("id", UUID.fromString(id))
        .bindMap(TalkTable.pairOf(pair))
        .bind("text", compaction.text())
        .bind("importance", compaction.importance())
        .bind("createdAt", compaction.createdAt())
        .bind("usedAt", compaction.lastUsedAt())
        .bindArray("sources", UUID.class, merged)
        .execute();
  }

  static Stored stored(ResultSet row) throws SQLException {
    var predicate = row.getString("predicate");
    Optional<Fact> fact =
        predicate == null
            ? Optional.empty()
            : Optional.of(
                new Fact(row.getString("subject"), predicate(predicate), row.getString("value")));
    var memory =
        new Memory(
            row.getString("memory_id"),
            Memory.Kind.valueOf(row.getString("kind")),
            row.getString("text"),
            row.getInt("importance"),
            row.getLong("created_game_seconds"),
            row.getLong("last_used_game_seconds"),
            row.getBoolean("pinned"),
            row.getObject("superseded_by") != null);
    return new Stored(row.getString("player_id"), new Remembered(memory, fact));
  }

  private static Predicate predicate(String word) {
    return Predicate.valueOf(PREDICATE + word.toUpperCase(Locale.ROOT));
  }

  /// Returns the word for a predicate, as in `promise`.
  static String word(Predicate predicate) {
    return predicate.name().substring(PREDICATE.length()).toLowerCase(Locale.ROOT);
  }
}
