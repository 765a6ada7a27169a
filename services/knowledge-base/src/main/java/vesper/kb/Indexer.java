package vesper.kb;

import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vesper.kb.Shelf.Blank;
import vesper.runtime.Database;
import vesper.runtime.Outage;
import vesper.runtime.Stopping;
import vesper.runtime.Worker;

/// Has vectors made of passages that have none, or none of the model that answers now. Each replica
/// does so, in an order of its own, and leaves out what another has done.
final class Indexer implements Worker {
  private static final Logger LOG = LoggerFactory.getLogger(Indexer.class);

  private final Database database;
  private final Library library;
  private final Meanings meanings;
  private final int largestBatch;
  private final Duration refresh;
  private final AtomicReference<Optional<String>> wanted = new AtomicReference<>(Optional.empty());
  private int batch;

  Indexer(
      Database database, Library library, Meanings meanings, int largestBatch, Duration refresh) {
    this.database = database;
    this.library = library;
    this.meanings = meanings;
    this.largestBatch = largestBatch;
    this.refresh = refresh;
    batch = largestBatch;
  }

  @Override
  public String name() {
    return "indexer";
  }

  /// Takes notice of the space in which queries are told now. Vectors in another are made anew.
  void want(String space) {
    wanted.set(Optional.of(space));
  }

  @Override
  public void run(Stopping stop) throws InterruptedException {
    var outage = new Outage(name());
    Duration pause;
    do {
      try {
        for (var shelf : library.shelves()) {
          fill(shelf, stop);
        }
        outage.over();
        pause = refresh;
      } catch (StatusRuntimeException failure) {
        pause = outage.pause(failure);
      }
    } while (!stop.await(pause));
  }

  private void fill(Shelf shelf, Stopping stop) {
    var blanks = new ArrayList<>(shelf.blanks(wanted.get().or(shelf::usualSpace)));
    if (blanks.isEmpty()) {
      return;
    }
    Collections.shuffle(blanks);
    int done = 0;
    while (done < blanks.size() && !stop.requested()) {
      var next = blanks.subList(done, Math.min(done + batch, blanks.size()));
      if (fill(shelf.world(), next)) {
        done += next.size();
      }
    }
    if (done < blanks.size()) {
      return;
    }
    // Only once for all passages: each change makes every replica read all of them.
    database.run("library.raise", handle -> VolumeTable.raise(handle, shelf.world()));
    library.refresh();
    LOG.atInfo()
        .addKeyValue("world", shelf.world())
        .addKeyValue("passages", done)
        .log("Vectors of passages are made");
  }

  /// Fills in some passages; false when they were too many for one call.
  private boolean fill(String world, List<Blank> blanks) {
    var ids = blanks.stream().map(Blank::chunk).toList();
    var still =
        database.read(
            "vectors.missing",
            handle -> VolumeTable.withoutVector(handle, world, ids, wanted.get()));
    var open = blanks.stream().filter(blank -> still.contains(blank.chunk())).toList();
    if (open.isEmpty()) {
      return true;
    }
    List<Meant> meant;
    try {
      meant = meanings.ofPassages(open.stream().map(Blank::text).toList());
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Code.DEADLINE_EXCEEDED && batch > 1) {
        batch /= 2;
        return false;
      }
      throw e;
    }
    batch = Math.min(largestBatch, batch + 1);
    want(meant.getLast().space());
    Map<String, Meant> vectors = new LinkedHashMap<>();
    for (int i = 0; i < meant.size(); i++) {
      vectors.put(open.get(i).chunk(), meant.get(i));
    }
    database.run("vectors.put", handle -> VolumeTable.putVectors(handle, world, vectors));
    return true;
  }
}
