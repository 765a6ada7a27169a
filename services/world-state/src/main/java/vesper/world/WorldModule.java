package vesper.world;

import java.util.ArrayList;
import java.util.List;
import vesper.runtime.ServiceContext;
import vesper.runtime.ServiceModule;
import vesper.runtime.Wiring;
import vesper.runtime.Worker;
import vesper.worldpack.WorldPack;

/// The service of the worlds of the given packs: their entities and flags with their versions, the
/// order of all changes, and streams of them. A world is named as its pack.
public final class WorldModule implements ServiceModule {
  private final List<WorldPack> packs;

  /// Makes the service of some worlds.
  public WorldModule(List<WorldPack> packs) {
    this.packs = List.copyOf(packs);
  }

  @Override
  public String id() {
    return "world-state";
  }

  @Override
  public String domain() {
    return "world";
  }

  @Override
  public List<Class<? extends Record>> settings() {
    return List.of(WorldConfig.class);
  }

  @Override
  public Wiring wire(ServiceContext context) {
    var config = context.config(WorldConfig.class);
    var database = context.database();
    var clock = context.clock();
    List<GameWorld> worlds = packs.stream().map(PackWorld::of).toList();
    var chronicle =
        new Chronicle(
            context.outbox(), new Chronicle.Bounds(config.maxEntities(), config.maxFlags()));
    var planting = new Planting(worlds, database, chronicle, clock);
    var watchers = new Watchers(worlds, database, config.watch(), clock);
    context.meters().gauge("vesper.world.watchers", watchers, Watchers::open);
    List<Worker> workers = new ArrayList<>(watchers.feeds());
    workers.add(new Upkeep(planting, database, config, clock));
    return new Wiring(
        List.of(
            new WorldService(planting, database, chronicle, watchers, context.answers(), clock)),
        workers,
        new Marks(planting, chronicle, clock).consumers());
  }
}
