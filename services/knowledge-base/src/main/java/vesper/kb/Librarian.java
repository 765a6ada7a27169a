package vesper.kb;

import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vesper.runtime.Database;
import vesper.runtime.Outage;
import vesper.runtime.Stopping;
import vesper.runtime.Worker;

/// Puts the documents of the packs into the database once, and then reads what changes there.
final class Librarian implements Worker {
  private static final Logger LOG = LoggerFactory.getLogger(Librarian.class);

  private final Database database;
  private final Library library;
  private final Map<String, List<Volume>> volumes;
  private final String cutBy;
  private final Duration refresh;

  /// @param volumes of the packs, by world
  /// @param cutBy rules by which the volumes were taken apart
  Librarian(
      Database database,
      Library library,
      Map<String, List<Volume>> volumes,
      String cutBy,
      Duration refresh) {
    this.database = database;
    this.library = library;
    this.volumes = Map.copyOf(volumes);
    this.cutBy = cutBy;
    this.refresh = refresh;
  }

  @Override
  public String name() {
    return "librarian";
  }

  @Override
  public void run(Stopping stop) throws InterruptedException {
    var outage = new Outage(name());
    boolean isPut = false;
    Duration pause;
    do {
      try {
        if (!isPut) {
          volumes.keySet().forEach(this::put);
          isPut = true;
        }
        library.refresh();
        outage.over();
        pause = refresh;
      } catch (StatusRuntimeException failure) {
        pause = outage.pause(failure);
      }
    } while (!stop.await(pause));
  }

  private void put(String world) {
    int changed =
        database.write(
            "library.put",
            handle ->
                VolumeTable.replaceAll(
                    handle, world, volumes.getOrDefault(world, List.of()), cutBy));
    if (changed > 0) {
      LOG.atInfo()
          .addKeyValue("world", world)
          .addKeyValue("documents", changed)
          .log("Documents of the pack are put into the library");
    }
  }
}
