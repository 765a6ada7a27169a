package vesper.kb;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vesper.retrieval.RankingRules;
import vesper.runtime.Database;
import vesper.runtime.Refusal;

/// What this replica has read of the documents of its worlds.
final class Library {
  private static final Logger LOG = LoggerFactory.getLogger(Library.class);
  private static final Duration SOON = Duration.ofSeconds(1);

  private final Database database;
  private final Set<String> worlds;
  private final RankingRules rules;
  private final Map<String, Shelf> shelves = new ConcurrentHashMap<>();

  Library(Database database, Set<String> worlds, RankingRules rules) {
    this.database = database;
    this.worlds = Set.copyOf(worlds);
    this.rules = rules;
  }

  /// Returns the documents of a world.
  ///
  /// @throws io.grpc.StatusRuntimeException NOT_FOUND with the nearest name, UNAVAILABLE until they
  ///   are read for the first time
  Shelf shelf(String world) {
    if (!worlds.contains(world)) {
      throw Refusal.unknown("worldId", "world", world, worlds);
    }
    var shelf = shelves.get(world);
    if (shelf == null) {
      throw Refusal.unavailable(SOON, "the documents of the world are being read");
    }
    return shelf;
  }

  /// Returns the documents of all worlds that are read.
  Collection<Shelf> shelves() {
    return List.copyOf(shelves.values());
  }

  /// Reads the worlds again whose documents have changed. One caller at a time reads.
  synchronized void refresh() {
    for (var world : worlds) {
      var before = shelves.get(world);
      long version = database.read("library.version", handle -> VolumeTable.version(handle, world));
      if (version > 0 && (before == null || before.version() != version)) {
        var shelf =
            new Shelf(
                world,
                database.read("library.read", handle -> VolumeTable.read(handle, world)),
                rules);
        shelves.put(world, shelf);
        LOG.atInfo()
            .addKeyValue("world", world)
            .addKeyValue("version", shelf.version())
            .addKeyValue("documents", shelf.volumes().size())
            .addKeyValue("passages", shelf.size())
            .addKeyValue("space", shelf.space().orElse(""))
            .log("Documents are read");
      }
    }
  }
}
