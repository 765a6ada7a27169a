package vesper.world;

import java.util.List;
import java.util.Set;
import vesper.runtime.Database;

/// Reads a world in PostgreSQL.
final class PostgresWorldReader implements WorldReader {
  private static final int PAGE = 100;
  private static final int PAGE_BYTES = 256 << 10;

  private final Database database;
  private final GameWorld world;
  private final int mostChanges;

  /// @param mostChanges changes that are told of at a time
  PostgresWorldReader(Database database, GameWorld world, int mostChanges) {
    this.database = database;
    this.world = world;
    this.mostChanges = mostChanges;
  }

  @Override
  public long head() {
    return database.read("world.head", handle -> WorldTable.head(handle, world.id()));
  }

  @Override
  public News since(long after) {
    return database.read(
        "change.since", handle -> ChangeTable.since(handle, world.id(), after, mostChanges));
  }

  @Override
  public Page page(View view, String after) {
    EntityTable.Query query =
        new EntityTable.Query(world.id(), Set.of(), "", "", view.regions(), null, after);
    return database.read(
        "entity.page",
        handle -> {
          EntityTable.Page page = EntityTable.query(handle, query, PAGE, PAGE_BYTES);
          return new Page(page.things(), page.more(), WorldTable.head(handle, world.id()));
        });
  }

  @Override
  public Flags flags() {
    return database.read(
        "flag.all",
        handle -> {
          List<FlagState> flags = FlagTable.list(handle, world, "", Integer.MAX_VALUE);
          return new Flags(flags, WorldTable.head(handle, world.id()));
        });
  }
}
