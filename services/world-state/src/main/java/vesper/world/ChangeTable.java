package vesper.world;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/// The change log in PostgreSQL.
final class ChangeTable {
  /// What happened to the subject of a change.
  enum Kind {
    CREATED,
    CHANGED,
    REMOVED,
    FLAG
  }

  /// One change.
  ///
  /// @param subject id of the entity or flag
  record Logged(
      long seq,
      Kind kind,
      String subject,
      Set<String> fields,
      String regionBefore,
      String regionAfter) {}

  /// Who changed something, and when.
  record Origin(String actor, Instant at) {}

  /// A change with what its subject is, when it is the subject's last.
  private record Row(Logged change, @Nullable Thing thing, @Nullable FlagState flag) {}

  static void insert(Handle transaction, String world, List<Logged> changes, Origin origin) {
    PreparedBatch batch =
        transaction.prepareBatch(
            """
            insert into world.change
              (world, seq, kind, subject, fields, region_before, region_after, actor, at)
            values (:world, :seq, :kind, :subject, :fields, :before, :after, :actor, :at)\
            """);
    for (Logged change : changes) {
      batch
          .bind("world", world)
          .bind("seq", change.seq())
          .bind("kind", change.kind().name())
          .bind("subject", change.subject())
          .bindArray("fields", String.class, change.fields().toArray())
          .bind("before", change.regionBefore())
          .bind("after", change.regionAfter())
          .bind("actor", origin.actor())
          .bind("at", origin.at().atOffset(ZoneOffset.UTC))
          .add();
    }
    batch.execute();
  }

  /// Tells what happened after a change.
  ///
  /// @param most changes that are told of
  static News since(Handle transaction, String world, long after, int most) {
    long head = WorldTable.head(transaction, world);
    if (head == after) {
      return new News(head, false, List.of(), List.of());
    }
    if (head < after || head - after > most) {
      return News.tooMuch(head);
    }
    // One statement sees one moment: what things are now fits the last change that is read.
    List<Row> rows =
        transaction
            .createQuery(
                """
                with fresh as (
                  select c.*, lead(seq) over (partition by kind = 'FLAG', subject order by seq)
                    is null as last
                  from world.change c where world = :world and seq > :after)
                select fresh.seq, fresh.kind, fresh.subject, fresh.fields, fresh.region_before,
                  fresh.region_after, fresh.last, e.type, e.region, e.x, e.y, e.z, e.yaw, e.tags,
                  e.components, e.removed, e.changed_at, f.truth, f.number, f.word,
                  coalesce(e.version, f.version) as version, fresh.subject as id
                from fresh
                left join world.entity e on fresh.last and fresh.kind <> 'FLAG'
                  and e.world = :world and e.id = fresh.subject
                left join world.flag f on fresh.last and fresh.kind = 'FLAG'
                  and f.world = :world and f.id = fresh.subject
                order by fresh.seq\
                """)
            .bind("world", world)
            .bind("after", after)
            .map((row, _) -> row(row))
            .list();
    // A gap at the front is what was dropped because of its age.
    return rows.isEmpty() || rows.getFirst().change().seq() != after + 1
        ? News.tooMuch(head)
        : tell(rows);
  }

  /// Drops the oldest changes if they are older than an instant, and returns how many.
  ///
  /// @param most how many at a time
  static int forget(Handle transaction, String world, Instant before, int most) {
    return transaction
        .createUpdate(
            """
            delete from world.change where world = :world and seq in (
              select seq from (
                select seq, at from world.change where world = :world order by seq limit :most
              ) oldest where at < :before)\
            """)
        .bind("world", world)
        .bind("most", most)
        .bind("before", before.atOffset(ZoneOffset.UTC))
        .execute();
  }

  private static News tell(List<Row> rows) {
    Map<String, Thing> things = new HashMap<>();
    Map<String, FlagState> flags = new HashMap<>();
    for (Row row : rows) {
      if (row.thing() != null) {
        things.put(row.change().subject(), row.thing());
      } else if (row.flag() != null) {
        flags.put(row.change().subject(), row.flag());
      }
    }
    Map<String, ThingNews> thingNews = new LinkedHashMap<>();
    Map<String, FlagNews> flagNews = new LinkedHashMap<>();
    for (Row row : rows) {
      Logged change = row.change();
      String id = change.subject();
      if (change.kind() == Kind.FLAG) {
        FlagState now = Objects.requireNonNull(flags.get(id));
        flagNews.merge(id, new FlagNews(change.seq(), now), FlagNews::then);
      } else {
        Thing now = Objects.requireNonNull(things.get(id));
        thingNews.merge(id, news(change, now), ThingNews::then);
      }
    }
    return new News(
        rows.getLast().change().seq(),
        false,
        List.copyOf(thingNews.values()),
        List.copyOf(flagNews.values()));
  }

  private static ThingNews news(Logged change, Thing now) {
    boolean existed = change.kind() != Kind.CREATED;
    Set<String> regions = new TreeSet<>();
    if (existed) {
      regions.add(change.regionBefore());
    }
    if (change.kind() != Kind.REMOVED) {
      regions.add(change.regionAfter());
    }
    return new ThingNews(
        change.seq(), existed, change.regionBefore(), regions, change.fields(), !existed, now);
  }

  private static Row row(ResultSet row) throws SQLException {
    Logged change =
        new Logged(
            row.getLong("seq"),
            Kind.valueOf(row.getString("kind")),
            row.getString("subject"),
            Set.of((String[]) row.getArray("fields").getArray()),
            row.getString("region_before"),
            row.getString("region_after"));
    if (!row.getBoolean("last")) {
      return new Row(change, null, null);
    }
    return change.kind() == Kind.FLAG
        ? new Row(change, null, FlagTable.flag(row))
        : new Row(change, EntityTable.thing(row), null);
  }

  private ChangeTable() {}
}
