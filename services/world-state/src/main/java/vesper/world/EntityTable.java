package vesper.world;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/// Entities in PostgreSQL, with what is left of removed ones.
final class EntityTable {
  private static final RowMapper<Thing> THING = (row, _) -> thing(row);
  private static final int ROWS_AT_A_TIME = 64;

  /// Which entities to find; what is empty or null does not filter.
  ///
  /// @param after id before the first that is wanted
  record Query(
      String world,
      Set<String> ids,
      String type,
      String tag,
      Set<String> regions,
      @Nullable Disc disc,
      String after) {}

  /// A circle on the ground, in centimetres.
  record Disc(int x, int y, int radius) {}

  /// Some entities by id.
  ///
  /// @param more whether there are others after them
  record Page(List<Thing> things, boolean more) {}

  /// Locks what lies under some ids, in the order of the ids; under an id that was never used that
  /// is a removed entity of version 0.
  ///
  /// @param fresh those of the ids that may be new
  static Map<String, Thing> lock(
      Handle transaction, String world, SortedSet<String> ids, SortedSet<String> fresh) {
    if (!fresh.isEmpty()) {
      transaction
          .createUpdate(
              """
              insert into world.entity
                (world, id, type, region, tags, components, version, removed, changed_at)
              select :world, id, '', '', '{}', '{}', 0, true, 'epoch'
              from unnest(:ids) with ordinality as fresh (id, place) order by place
              on conflict do nothing\
              """)
          .bind("world", world)
          .bindArray("ids", String.class, fresh.toArray())
          .execute();
    }
    Map<String, Thing> found = new HashMap<>();
    transaction
        .createQuery(
            """
            select * from world.entity where world = :world and id = any(:ids)
            order by id for update\
            """)
        .bind("world", world)
        .bindArray("ids", String.class, ids.toArray())
        .map(THING)
        .forEach(thing -> found.put(thing.id(), thing));
    return found;
  }

  /// Finds an entity that is not removed.
  static Optional<Thing> find(Handle transaction, String world, String id) {
    return transaction
        .createQuery("select * from world.entity where world = :world and id = :id and not removed")
        .bind("world", world)
        .bind("id", id)
        .map(THING)
        .findOne();
  }

  /// Finds entities that are not removed, by id.
  ///
  /// @param most how many
  /// @param bytes how large they may be together; one is found however large it is
  static Page query(Handle transaction, Query query, int most, int bytes) {
    StringBuilder sql =
        new StringBuilder(
            "select * from world.entity where world = :world and id > :after and not removed");
    addIf(!query.ids().isEmpty(), " and id = any(:ids)", sql);
    addIf(!query.type().isEmpty(), " and type = :type", sql);
    addIf(!query.tag().isEmpty(), " and tags @> array[cast(:tag as text)]", sql);
    addIf(!query.regions().isEmpty(), " and region = any(:regions)", sql);
    Disc disc = query.disc();
    addIf(
        disc != null,
        " and x between :west and :east and y between :south and :north"
            + " and power(x::float8 - :x, 2) + power(y::float8 - :y, 2) <= power(:radius, 2)",
        sql);
    var statement =
        transaction
            .createQuery(sql.append(" order by id limit :most").toString())
            .setFetchSize(ROWS_AT_A_TIME)
            .bind("world", query.world())
            .bind("after", query.after())
            .bind("most", most + 1);
    if (!query.ids().isEmpty()) {
      statement.bindArray("ids", String.class, query.ids().toArray());
    }
    if (!query.type().isEmpty()) {
      statement.bind("type", query.type());
    }
    if (!query.tag().isEmpty()) {
      statement.bind("tag", query.tag());
    }
    if (!query.regions().isEmpty()) {
      statement.bindArray("regions", String.class, query.regions().toArray());
    }
    if (disc != null) {
      statement
          .bind("west", (long) disc.x() - disc.radius())
          .bind("east", (long) disc.x() + disc.radius())
          .bind("south", (long) disc.y() - disc.radius())
          .bind("north", (long) disc.y() + disc.radius())
          .bind("x", (double) disc.x())
          .bind("y", (double) disc.y())
          .bind("radius", (double) disc.radius());
    }
    List<Thing> found = new ArrayList<>();
    int left = bytes;
    try (var rows = statement.map(THING).iterator()) {
      while (rows.hasNext()) {
        Thing thing = rows.next();
        left -= thing.size();
        if (found.size() == most || (left < 0 && !found.isEmpty())) {
          return new Page(found, true);
        }
        found.add(thing);
      }
    }
    return new Page(found, false);
  }

  /// Returns which of some ids were ever used.
  static Set<String> used(Handle transaction, String world, Collection<String> ids) {
    return new HashSet<>(
        transaction
            .createQuery("select id from world.entity where world = :world and id = any(:ids)")
            .bind("world", world)
            .bindArray("ids", String.class, ids.toArray())
            .mapTo(String.class)
            .list());
  }

  /// Writes new versions of entities that are locked.
  static void update(Handle transaction, String world, List<Thing> things) {
    if (things.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        transaction.prepareBatch(
            """
            update world.entity set type = :type, region = :region, x = :x, y = :y, z = :z,
              yaw = :yaw, tags = :tags, components = cast(:components as jsonb),
              version = :version, removed = :removed, changed_at = :at
            where world = :world and id = :id\
            """);
    for (Thing thing : things) {
      Spot spot = thing.spot();
      batch
          .bind("world", world)
          .bind("id", thing.id())
          .bind("type", thing.type())
          .bind("region", thing.region())
          .bind("x", spot == null ? null : (Integer) spot.x())
          .bind("y", spot == null ? null : (Integer) spot.y())
          .bind("z", spot == null ? null : (Integer) spot.z())
          .bind("yaw", spot == null ? null : (Integer) spot.yaw())
          .bindArray("tags", String.class, thing.tags().toArray())
          .bind("components", ComponentsJson.write(thing.components()))
          .bind("version", thing.version())
          .bind("removed", thing.removed())
          .bind("at", thing.changedAt().atOffset(ZoneOffset.UTC))
          .add();
    }
    batch.execute();
  }

  static Thing thing(ResultSet row) throws SQLException {
    int x = row.getInt("x");
    Spot spot =
        row.wasNull() ? null : new Spot(x, row.getInt("y"), row.getInt("z"), row.getInt("yaw"));
    return new Thing(
        row.getString("id"),
        row.getString("type"),
        row.getString("region"),
        spot,
        new TreeSet<>(List.of((String[]) row.getArray("tags").getArray())),
        ComponentsJson.read(row.getString("components")),
        row.getLong("version"),
        row.getBoolean("removed"),
        row.getObject("changed_at", OffsetDateTime.class).toInstant());
  }

  private static void addIf(boolean wanted, String condition, StringBuilder sql) {
    if (wanted) {
      sql.append(condition);
    }
  }

  private EntityTable() {}
}
