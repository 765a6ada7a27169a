package vesper.world;

import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.IntSupplier;
import vesper.runtime.Database;
import vesper.runtime.Outage;
import vesper.runtime.Stopping;
import vesper.runtime.Worker;

/// Makes the worlds at the start, and drops changes that are too old, a bounded number at a time.
final class Upkeep implements Worker {
  private static final Duration BETWEEN = Duration.ofMinutes(10);
  private static final int BATCH = 1_000;

  private final Planting planting;
  private final Database database;
  private final WorldConfig config;
  private final InstantSource clock;

  Upkeep(Planting planting, Database database, WorldConfig config, InstantSource clock) {
    this.planting = planting;
    this.database = database;
    this.config = config;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "upkeep";
  }

  @Override
  public void run(Stopping stop) throws InterruptedException {
    Outage outage = new Outage(name());
    Duration pause;
    do {
      try {
        planting.worlds().keySet().forEach(planting::world);
        forget(stop);
        outage.over();
        pause = BETWEEN;
      } catch (StatusRuntimeException failure) {
        pause = outage.pause(failure);
      }
    } while (!stop.await(pause));
  }

  /// Drops what is too old.
  void forget(Stopping stop) {
    Instant changes = clock.instant().minus(config.keepChanges());
    for (String world : planting.worlds().keySet()) {
      repeat(
          stop,
          () ->
              database.write(
                  "change.forget", handle -> ChangeTable.forget(handle, world, changes, BATCH)));
    }
  }

  private static void repeat(Stopping stop, IntSupplier dropping) {
    int dropped = BATCH;
    while (dropped == BATCH && !stop.requested()) {
      dropped = dropping.getAsInt();
    }
  }
}
