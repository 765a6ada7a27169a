package vesper.time;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.PreparedBatch;
import vesper.runtime.Database;
import vesper.runtime.Lease;
import vesper.runtime.Outbox;

/// Clocks in PostgreSQL. The row of a world in `time.clock` is locked by every step.
final class PostgresClockStore implements ClockStore {
  private static final RowMapper<Clock> CLOCK = (row, _) -> clock(row);

  private final Database database;
  private final Outbox outbox;

  PostgresClockStore(Database database, Outbox outbox) {
    this.database = database;
    this.outbox = outbox;
  }

  @Override
  public void create(String world, Clock first) {
    database.run(
        "clock.create",
        transaction -> {
          int created =
              transaction
                  .createUpdate(
                      """
                      insert into time.clock (world, version, announced_to)
                      values (:world, :version, :announcedTo)
                      on conflict (world) do nothing\
                      """)
                  .bind("world", world)
                  .bind("version", first.version())
                  .bind("announcedTo", first.gameSeconds())
                  .execute();
          if (created == 1) {
            insert(transaction, world, first, Origin.WORLD);
          }
        });
  }

  @Override
  public Map<String, Clock> findNewest(Collection<String> worlds) {
    return database.read(
        "clock.newest",
        transaction ->
            transaction
                .createQuery(
                    """
                    select a.* from time.clock c
                    join time.clock_anchor a on a.world = c.world and a.version = c.version
                    where c.world = any(:worlds)\
                    """)
                .bindArray("worlds", String.class, worlds.toArray())
                .map((row, _) -> Map.entry(row.getString("world"), clock(row)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  @Override
  public Optional<Clock> findAt(String world, Instant instant) {
    return database.read(
        "anchor.at",
        transaction ->
            transaction
                .createQuery(
                    """
                    select * from time.clock_anchor where world = :world and real_ms <= :millis
                    order by real_ms desc, version desc limit 1\
                    """)
                .bind("world", world)
                .bind("millis", instant.toEpochMilli())
                .map(CLOCK)
                .findOne());
  }

  @Override
  public Optional<Clock> findReaching(String world, long gameSeconds) {
    return database.read(
        "anchor.reaching",
        transaction ->
            transaction
                .createQuery(
                    """
                    (select * from time.clock_anchor where world = :world and game_s < :game
                     order by game_s desc, version desc limit 1)
                    union all
                    (select * from time.clock_anchor where world = :world and game_s = :game
                     order by version limit 1)
                    order by version\
                    """)
                .bind("world", world)
                .bind("game", gameSeconds)
                .map(CLOCK)
                .findFirst());
  }

  @Override
  public Step step(String world, Function<Progress, Step> work) {
    return database.write("clock.step", transaction -> step(transaction, world, work));
  }

  @Override
  public Step step(Lease lease, String world, Function<Progress, Step> work) {
    return database.write(
        "clock.announce",
        transaction -> {
          lease.check(transaction);
          return step(transaction, world, work);
        });
  }

  private Step step(Handle transaction, String world, Function<Progress, Step> work) {
    Progress progress = lock(transaction, world);
    Step step = work.apply(progress);
    if (step.clock().version() != progress.clock().version()) {
      insert(transaction, world, step.clock(), step.origin());
    }
    insert(transaction, world, step.boundaries());
    step.events().forEach(event -> outbox.publish(transaction, event, world));
    transaction
        .createUpdate(
            """
            update time.clock set version = :version, announced_to = :announcedTo
            where world = :world and (version, announced_to) <> (:version, :announcedTo)\
            """)
        .bind("world", world)
        .bind("version", step.clock().version())
        .bind("announcedTo", step.announcedTo())
        .execute();
    return step;
  }

  @Override
  public void forgetBoundaries(Lease lease, Duration age) {
    database.run(
        "boundary.forget",
        transaction -> {
          lease.check(transaction);
          transaction
              .createUpdate(
                  "delete from time.boundary where announced_at < now() - :seconds * interval '1 s'")
              .bind("seconds", age.toSeconds())
              .execute();
        });
  }

  private static Progress lock(Handle transaction, String world) {
    long announcedTo =
        transaction
            .createQuery("select announced_to from time.clock where world = :world for update")
            .bind("world", world)
            .mapTo(Long.class)
            .one();
    Clock clock =
        transaction
            .createQuery(
                """
                select * from time.clock_anchor where world = :world
                order by version desc limit 1\
                """)
            .bind("world", world)
            .map(CLOCK)
            .one();
    return new Progress(clock, announcedTo);
  }

  private static void insert(Handle transaction, String world, Clock clock, Origin origin) {
    transaction
        .createUpdate(
            """
            insert into time.clock_anchor
              (world, version, real_ms, game_s, game_nanos, num, den, pauses, actor, reason)
            values (:world, :version, :realMillis, :gameSeconds, :gameNanos, :num, :den,
              :pauses, :actor, :reason)\
            """)
        .bind("world", world)
        .bind("version", clock.version())
        .bind("realMillis", clock.since().toEpochMilli())
        .bind("gameSeconds", clock.gameSeconds())
        .bind("gameNanos", clock.gameNanos())
        .bind("num", clock.rate().gameSeconds())
        .bind("den", clock.rate().realSeconds())
        .bindArray("pauses", String.class, clock.pauses().toArray())
        .bind("actor", origin.actor())
        .bind("reason", origin.reason())
        .execute();
  }

  private static void insert(Handle transaction, String world, List<Boundary> boundaries) {
    if (boundaries.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        transaction.prepareBatch(
            "insert into time.boundary (world, kind, game_s) values (:world, :kind, :gameSeconds)");
    for (Boundary boundary : boundaries) {
      batch
          .bind("world", world)
          .bind("kind", boundary.kind().name())
          .bind("gameSeconds", boundary.gameSeconds())
          .add();
    }
    batch.execute();
  }

  private static Clock clock(ResultSet row) throws SQLException {
    return new Clock(
        row.getLong("version"),
        Instant.ofEpochMilli(row.getLong("real_ms")),
        row.getLong("game_s"),
        row.getInt("game_nanos"),
        new ClockRate(row.getLong("num"), row.getLong("den")),
        new TreeSet<>(List.of((String[]) row.getArray("pauses").getArray())));
  }
}
