package vesper.time;

import io.grpc.StatusRuntimeException;
import java.time.Duration;
import vesper.runtime.Outage;
import vesper.runtime.Stopping;
import vesper.runtime.Worker;

/// Keeps this replica in step with the others: learns the changes they made to clocks, and settles
/// by a lease which of them sends the live ticks.
final class ReplicaWatch implements Worker {
  private static final String LEASE = "ticks";
  private static final Duration LEASE_TIME = Duration.ofSeconds(15);
  private static final long RENEWAL_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long CLEANING_NANOS = Duration.ofHours(1).toNanos();

  private final Timekeeper timekeeper;
  private final ClockStore store;
  private final TimeConfig config;
  private final String replica;
  private volatile boolean held;
  private volatile long heldUntil;
  private long renewed = System.nanoTime() - RENEWAL_NANOS;
  private long cleaned = System.nanoTime() - CLEANING_NANOS;

  /// @param replica tells this replica from the others
  ReplicaWatch(Timekeeper timekeeper, ClockStore store, TimeConfig config, String replica) {
    this.timekeeper = timekeeper;
    this.store = store;
    this.config = config;
    this.replica = replica;
  }

  /// Whether this replica sends the live ticks at this moment.
  boolean sendsTicks() {
    return held && System.nanoTime() - heldUntil < 0;
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
        turn();
        outage.over();
        pause = config.refresh();
      } catch (StatusRuntimeException failure) {
        pause = outage.pause(failure);
      }
    } while (!stop.await(pause));
    held = false;
    store.release(LEASE, replica);
  }

  private void turn() {
    timekeeper.worlds().forEach(timekeeper::clock);
    timekeeper.refresh();
    long now = System.nanoTime();
    if (now - renewed >= RENEWAL_NANOS) {
      boolean mine = store.hold(LEASE, replica, LEASE_TIME);
      heldUntil = now + LEASE_TIME.toNanos();
      held = mine;
      renewed = now;
    }
    if (held && now - cleaned >= CLEANING_NANOS) {
      store.forgetBoundaries(config.keepBoundaries());
      cleaned = now;
    }
  }
}
