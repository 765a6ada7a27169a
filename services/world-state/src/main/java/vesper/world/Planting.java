package vesper.world;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import vesper.runtime.Database;
import vesper.runtime.Refusal;

/// Sees to it that worlds are there: puts into each, once and for all, what its pack has on the
/// first day. What was changed or removed since stays as it is.
final class Planting {
  private static final String ACTOR = "pack";
  private static final int STEP = 500;

  private final Map<String, GameWorld> worlds;
  private final Database database;
  private final Chronicle chronicle;
  private final InstantSource clock;
  private final Set<String> planted = ConcurrentHashMap.newKeySet();

  Planting(List<GameWorld> worlds, Database database, Chronicle chronicle, InstantSource clock) {
    Map<String, GameWorld> byId = new TreeMap<>();
    worlds.forEach(world -> byId.put(world.id(), world));
    this.worlds = byId;
    this.database = database;
    this.chronicle = chronicle;
    this.clock = clock;
  }

  /// Returns the worlds by id, without seeing to anything.
  Map<String, GameWorld> worlds() {
    return worlds;
  }

  /// Returns a world, or refuses with NOT_FOUND.
  GameWorld world(String id) {
    GameWorld world = worlds.get(id);
    if (world == null) {
      throw Refusal.unknown("worldId", "world", id, worlds.keySet());
    }
    if (!planted.contains(id)) {
      plant(world);
    }
    return world;
  }

  private synchronized void plant(GameWorld world) {
    if (planted.contains(world.id())) {
      return;
    }
    database.run(
        "world.plant",
        handle -> {
          Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
          // The lock of the world's row, until the end: of several replicas one plants.
          WorldTable.put(handle, world, now);
          List<String> ids = world.entities().stream().map(Thing::id).toList();
          Set<String> used = EntityTable.used(handle, world.id(), ids);
          List<Proposal> missing =
              world.entities().stream()
                  .filter(thing -> !used.contains(thing.id()))
                  .map(thing -> new Proposal(new Edit.Create(thing), ""))
                  .toList();
          for (int from = 0; from < missing.size(); from += STEP) {
            int to = Math.min(from + STEP, missing.size());
            Chronicle.Done done =
                chronicle.make(handle, world, missing.subList(from, to), ACTOR, now);
            assert done.outcomes().size() == to - from;
          }
        });
    planted.add(world.id());
  }
}
