package vesper.world;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/// Flags in PostgreSQL, as far as somebody set them.
final class FlagTable {
  private static final RowMapper<FlagState> FLAG = (row, _) -> flag(row);

  /// Locks flags, in the order of their ids; one that was never set has version 0.
  static Map<String, FlagState> lock(Handle transaction, String world, SortedSet<String> ids) {
    transaction
        .createUpdate(
            """
            insert into world.flag (world, id, version, changed_at)
            select :world, id, 0, 'epoch'
            from unnest(:ids) with ordinality as fresh (id, place) order by place
            on conflict do nothing\
            """)
        .bind("world", world)
        .bindArray("ids", String.class, ids.toArray())
        .execute();
    Map<String, FlagState> found = new HashMap<>();
    transaction
        .createQuery(
            """
            select id, truth, number, word, version from world.flag
            where world = :world and id = any(:ids) order by id for update\
            """)
        .bind("world", world)
        .bindArray("ids", String.class, ids.toArray())
        .map(FLAG)
        .forEach(flag -> found.put(flag.id(), flag));
    return found;
  }

  /// Lists flags by id that have a value or are the pack's.
  static List<FlagState> list(Handle transaction, GameWorld world, String after, int most) {
    return transaction
        .createQuery(
            """
            select id, truth, number, word, version from world.flag
            where world = :world and id > :after
              and (num_nonnulls(truth, number, word) = 1 or id = any(:known))
            order by id limit :most\
            """)
        .bind("world", world.id())
        .bind("after", after)
        .bindArray("known", String.class, world.flags().keySet().toArray())
        .bind("most", most)
        .map(FLAG)
        .list();
  }

  /// Writes new versions of flags that are locked.
  static void update(Handle transaction, String world, List<FlagState> flags, Instant at) {
    if (flags.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        transaction.prepareBatch(
            """
            update world.flag set truth = :truth, number = :number, word = :word,
              version = :version, changed_at = :at
            where world = :world and id = :id\
            """);
    for (FlagState flag : flags) {
      Reading reading = flag.reading();
      batch
          .bind("world", world)
          .bind("id", flag.id())
          .bind("truth", reading instanceof Reading.Truth(var holds) ? (Boolean) holds : null)
          .bind("number", reading instanceof Reading.Count(var number) ? (Long) number : null)
          .bind("word", reading instanceof Reading.Word(var text) ? text : null)
          .bind("version", flag.version())
          .bind("at", at.atOffset(ZoneOffset.UTC))
          .add();
    }
    batch.execute();
  }

  static FlagState flag(ResultSet row) throws SQLException {
    return new FlagState(row.getString("id"), reading(row), row.getLong("version"));
  }

  private static @Nullable Reading reading(ResultSet row) throws SQLException {
    boolean truth = row.getBoolean("truth");
    if (!row.wasNull()) {
      return new Reading.Truth(truth);
    }
    long number = row.getLong("number");
    if (!row.wasNull()) {
      return new Reading.Count(number);
    }
    String word = row.getString("word");
    return word == null ? null : new Reading.Word(word);
  }

  private FlagTable() {}
}
