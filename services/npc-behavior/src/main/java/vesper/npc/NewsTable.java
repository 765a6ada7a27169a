package vesper.npc;

import java.util.Collection;
import java.util.UUID;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import vesper.memory.Memory;

/// What people remember of how things were in the world, in PostgreSQL: memories that concern no
/// player, at most one of each person and flag.
final class NewsTable {
  private static final int IMPORTANCE = 3;

  private NewsTable() {}

  /// How something was.
  ///
  /// @param flag what
  /// @param text what is remembered of it
  /// @param gameSeconds since when it is so no more
  /// @param change number of the change by which it is so no more
  record News(String world, String flag, String text, long gameSeconds, long change) {}

  /// Has people remember how something was, instead of what they remembered of it before; nothing
  /// changes when they remember something newer.
  static void put(Handle handle, News news, Collection<String> npcs, Supplier<String> ids) {
    boolean newer =
        handle
            .createQuery(
                """
                select exists (select from npc.memory
                  where world_id = :world and news_of = :flag and player_id = :nobody
                    and news_change > :change)\
                """)
            .bind("world", news.world())
            .bind("flag", news.flag())
            .bind("nobody", MemoryTable.NOBODY)
            .bind("change", news.change())
            .mapTo(Boolean.class)
            .one();
    if (newer) {
      return;
    }
    handle
        .createUpdate(
            """
            delete from npc.memory
            where world_id = :world and news_of = :flag and player_id = :nobody\
            """)
        .bind("world", news.world())
        .bind("flag", news.flag())
        .bind("nobody", MemoryTable.NOBODY)
        .execute();
    var insert =
        handle.prepareBatch(
            """
            insert into npc.memory (memory_id, world_id, npc_id, player_id, kind, text, importance,
              created_game_seconds, last_used_game_seconds, pinned, sources, news_of,
              news_change)
            values (:id, :world, :npc, :nobody, :kind, :text, :importance, :at, :at, false, '{}', :flag,
              :change)\
            """);
    for (var npc : npcs) {
      insert
          .bind("id", UUID.fromString(ids.get()))
          .bind("world", news.world())
          .bind("npc", npc)
          .bind("nobody", MemoryTable.NOBODY)
          .bind("kind", Memory.Kind.OBSERVATION.name())
          .bind("text", news.text())
          .bind("importance", IMPORTANCE)
          .bind("at", news.gameSeconds())
          .bind("flag", news.flag())
          .bind("change", news.change())
          .add();
    }
    insert.execute();
  }

  /// Forgets what is older than a moment of a world.
  static void forget(Handle handle, String world, long before) {
    handle
        .createUpdate(
            """
            delete from npc.memory
            where world_id = :world and news_of is not null and created_game_seconds < :before\
            """)
        .bind("world", world)
        .bind("before", before)
        .execute();
  }
}
