package vesper.time;

import io.grpc.StatusRuntimeException;
import java.time.Duration;
import vesper.runtime.Outage;
import vesper.runtime.Stopping;
import vesper.runtime.Worker;

/// Keeps this replica in step with the others: learns the changes they made to clocks.
final class ReplicaWatch implements Worker {
  private final Timekeeper timekeeper;
  private final Duration refresh;

  /// @param refresh how often it looks
  ReplicaWatch(Timekeeper timekeeper, Duration refresh) {
    this.timekeeper = timekeeper;
    this.refresh = refresh;
  }

  @Override
  public String name() {
    return "replica-watch";
  }

  @Override
  public void run(Stopping stop) throws InterruptedException {
    Outage outage = new Outage(name());
    Duration pause;
    do {
      try {
        timekeeper.worlds().forEach(timekeeper::clock);
        timekeeper.refresh();
        outage.over();
        pause = refresh;
      } catch (StatusRuntimeException failure) {
        pause = outage.pause(failure);
      }
    } while (!stop.await(pause));
  }
}
