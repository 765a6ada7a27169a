package vesper.world;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/// Worlds in PostgreSQL: where each stands.
final class WorldTable {
  private static final RowMapper<Standing> STANDING =
      (row, _) ->
          new Standing(
              row.getString("id"),
              row.getLong("head_seq"),
              row.getInt("entities"),
              row.getInt("made_flags"),
              row.getObject("created_at", OffsetDateTime.class).toInstant());

  /// Where a world stands.
  ///
  /// @param head number of the last change
  /// @param madeFlags how many flags have a value that the pack does not know
  record Standing(String world, long head, int entities, int madeFlags, Instant createdAt) {}

  /// By how much a step moves a world.
  record Step(int changes, int entities, int madeFlags) {}

  /// Makes a world if there is none, and notes its pack.
  static void put(Handle transaction, GameWorld world, Instant now) {
    transaction
        .createUpdate(
            """
            insert into world.world as old (id, name, pack_version, pack_digest, head_seq,
              entities, made_flags, created_at)
            values (:id, :name, :version, :digest, 0, 0, 0, :now)
            on conflict (id) do update
            set name = excluded.name, pack_version = excluded.pack_version,
              pack_digest = excluded.pack_digest
            where old.pack_digest <> excluded.pack_digest\
            """)
        .bind("id", world.id())
        .bind("name", world.pack().title())
        .bind("version", world.pack().version())
        .bind("digest", world.pack().digest())
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .execute();
  }

  /// Lists where worlds stand, by id.
  static List<Standing> list(Handle transaction, Collection<String> ids) {
    return transaction
        .createQuery(
            """
            select id, head_seq, entities, made_flags, created_at from world.world
            where id = any(:ids) order by id\
            """)
        .bindArray("ids", String.class, ids.toArray())
        .map(STANDING)
        .list();
  }

  /// Returns the number of a world's last change.
  static long head(Handle transaction, String world) {
    return transaction
        .createQuery("select head_seq from world.world where id = :world")
        .bind("world", world)
        .mapTo(Long.class)
        .one();
  }

  /// Moves a world on, which locks it until the transaction ends, and returns where it stands.
  static Standing move(Handle transaction, String world, Step step) {
    return transaction
        .createQuery(
            """
            update world.world set head_seq = head_seq + :changes,
              entities = entities + :entities, made_flags = made_flags + :flags
            where id = :world returning id, head_seq, entities, made_flags, created_at\
            """)
        .bind("world", world)
        .bind("changes", step.changes())
        .bind("entities", step.entities())
        .bind("flags", step.madeFlags())
        .map(STANDING)
        .one();
  }

  private WorldTable() {}
}
