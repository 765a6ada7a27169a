package vesper.npc;

import io.grpc.StatusRuntimeException;
import java.time.Duration;
import vesper.runtime.Database;
import vesper.runtime.Outage;
import vesper.runtime.Stopping;
import vesper.runtime.Worker;

/// Gives new memories their vectors, soon after they are made.
final class MemoryEmbedding implements Worker {
  private static final Duration BETWEEN = Duration.ofSeconds(1);
  private static final int MOST_AT_ONCE = 64;

  private final Database database;
  private final Embedder embedder;
  private String model = "";

  MemoryEmbedding(Database database, Embedder embedder) {
    this.database = database;
    this.embedder = embedder;
  }

  @Override
  public String name() {
    return "embedding";
  }

  @Override
  public void run(Stopping stop) throws InterruptedException {
    var outage = new Outage(name());
    var pause = BETWEEN;
    do {
      try {
        boolean more = true;
        while (more && !stop.requested()) {
          more = embedSome() == MOST_AT_ONCE;
        }
        outage.over();
        pause = BETWEEN;
      } catch (StatusRuntimeException e) {
        pause = outage.pause(e);
      }
    } while (!stop.await(pause));
  }

  /// Returns how many memories got a vector.
  private int embedSome() {
    var bare = database.read("memory.bare", handle -> VectorTable.bare(handle, MOST_AT_ONCE));
    if (bare.isEmpty()) {
      return 0;
    }
    var vectors = embedder.passages(bare.stream().map(VectorTable.Bare::text).toList());
    if (vectors.size() != bare.size()) {
      throw new IllegalStateException(
          "%d vectors for %d memories".formatted(vectors.size(), bare.size()));
    }
    var made = vectors.getFirst().model();
    if (!made.equals(model)) {
      // What another model made is made again.
      database.run("memory.vectors", handle -> VectorTable.forgetOther(handle, made));
      model = made;
    }
    database.run("memory.embed", handle -> VectorTable.put(handle, bare, vectors));
    return bare.size();
  }
}
