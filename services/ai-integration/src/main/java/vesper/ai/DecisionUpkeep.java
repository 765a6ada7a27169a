package vesper.ai;

import java.time.Duration;
import java.time.InstantSource;
import vesper.runtime.Database;
import vesper.runtime.Stopping;
import vesper.runtime.Worker;

/// Deletes records that are too old, a bounded number at a time.
record DecisionUpkeep(Database database, AiConfig.Decisions config, InstantSource clock)
    implements Worker {
  private static final int BATCH = 1_000;
  private static final Duration BETWEEN = Duration.ofHours(1);
  private static final Duration BREATH = Duration.ofMillis(100);

  @Override
  public String name() {
    return "decision-upkeep";
  }

  @Override
  public void run(Stopping stop) throws InterruptedException {
    do {
      while (deleteSome() && !stop.await(BREATH)) {
        // There may be more.
      }
    } while (!stop.await(BETWEEN));
  }

  /// Deletes one batch, and returns whether there may be more.
  boolean deleteSome() {
    int bodies =
        database.write(
            "decision.forget-bodies",
            handle ->
                DecisionTable.forgetBodies(
                    handle, clock.instant().minus(config.keepBodies()), BATCH));
    int records =
        database.write(
            "decision.forget",
            handle -> DecisionTable.forget(handle, clock.instant().minus(config.keep()), BATCH));
    return bodies == BATCH || records == BATCH;
  }
}
