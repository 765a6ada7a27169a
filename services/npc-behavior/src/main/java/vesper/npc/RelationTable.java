package vesper.npc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import vesper.npc.Encounter.Bond;

/// How people stand to others, in PostgreSQL.
final class RelationTable {

  private RelationTable() {}

  /// A relation and whom it is about.
  record Stored(String other, Bond bond) {}

  static Optional<Bond> find(Handle handle, String world, String npc, String other) {
    return handle
        .createQuery(
            """
            select * from npc.relation
            where world_id = :world and npc_id = :npc and other_id = :other\
            """)
        .bind("world", world)
        .bind("npc", npc)
        .bind("other", other)
        .map((row, _) -> bond(row))
        .findOne();
  }

  /// Returns the relation as [#find] does and keeps others from changing it until the transaction
  /// ends.
  static Optional<Bond> lock(Handle handle, String world, String npc, String other) {
    handle
        .createQuery("select pg_advisory_xact_lock(hashtextextended(:key, 0))")
        .bind("key", "npc.relation/" + world + "/" + npc + "/" + other)
        .map((_, _) -> true)
        .one();
    return find(handle, world, npc, other);
  }

  /// Returns relations by the other's id, those after one.
  static List<Stored> list(Handle handle, String world, String npc, String after, int most) {
    return handle
        .createQuery(
            """
            select * from npc.relation
            where world_id = :world and npc_id = :npc and other_id > :after
            order by other_id limit :most\
            """)
        .bind("world", world)
        .bind("npc", npc)
        .bind("after", after)
        .bind("most", most)
        .map((row, _) -> new Stored(row.getString("other_id"), bond(row)))
        .list();
  }

  static void put(Handle handle, String world, String npc, String other, Bond bond) {
    var feelings = bond.feelings();
    handle
        .createUpdate(
            """
            insert into npc.relation (world_id, npc_id, other_id, trust, affection, respect, fear,
              since_game_seconds, announced, version)
            values (:world, :npc, :other, :trust, :affection, :respect, :fear, :since, :announced, :version)
            on conflict (world_id, npc_id, other_id) do update
            set trust = excluded.trust, affection = excluded.affection, respect = excluded.respect,
              fear = excluded.fear, since_game_seconds = excluded.since_game_seconds,
              announced = excluded.announced, version = excluded.version\
            """)
        .bind("world", world)
        .bind("npc", npc)
        .bind("other", other)
        .bind("trust", feelings.trust())
        .bind("affection", feelings.affection())
        .bind("respect", feelings.respect())
        .bind("fear", feelings.fear())
        .bind("since", bond.since())
        .bind("announced", bond.announced())
        .bind("version", bond.version())
        .execute();
  }

  static Relation feelings(ResultSet row) throws SQLException {
    return new Relation(
        row.getDouble("trust"),
        row.getDouble("affection"),
        row.getDouble("respect"),
        row.getDouble("fear"));
  }

  private static Bond bond(ResultSet row) throws SQLException {
    return new Bond(
        feelings(row),
        row.getLong("since_game_seconds"),
        row.getDouble("announced"),
        row.getLong("version"));
  }
}
