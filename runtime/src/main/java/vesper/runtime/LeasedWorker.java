package vesper.runtime;

import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A loop that works while this process holds a lease.
final class LeasedWorker implements Worker {
  private static final Logger LOG = LoggerFactory.getLogger(LeasedWorker.class);
  private static final Duration SLICE = Duration.ofMillis(100);

  private final LeaseClaim claim;
  private final LeaseSettings settings;
  private final Database database;
  private final BooleanSupplier able;
  private final Leases.Work work;

  /// @param able whether this process could work now; one that cannot leaves the lease to others
  LeasedWorker(
      LeaseClaim claim,
      LeaseSettings settings,
      Database database,
      BooleanSupplier able,
      Leases.Work work) {
    this.claim = claim;
    this.settings = settings;
    this.database = database;
    this.able = able;
    this.work = work;
  }

  @Override
  public String name() {
    return claim.name();
  }

  @Override
  public void run(Stopping stop) throws Exception {
    Outage outage = new Outage(name());
    boolean finished = false;
    while (!finished && !stop.requested()) {
      Duration pause = settings.look();
      boolean taken = false;
      try {
        taken = able.getAsBoolean() && take();
        outage.over();
      } catch (StatusRuntimeException away) {
        pause = outage.pause(away);
      }
      if (taken) {
        finished = work(stop);
      }
      if (!finished) {
        stop.await(pause);
      }
    }
  }

  private boolean take() {
    long sent = System.nanoTime();
    long fence = database.write("lease.take", transaction -> claim.take(Ask.over(transaction)));
    if (fence != 0) {
      claim.begin(fence, sent);
      LOG.atDebug().addKeyValue("lease", name()).addKeyValue("fence", fence).log("Took a lease");
    }
    return fence != 0;
  }

  /// Works until the lease is lost or stopping is requested; true when there is nothing more to do.
  private boolean work(Stopping stop) throws Exception {
    Tenure tenure = new Tenure(claim.fence(), stop);
    Thread renewing =
        Thread.ofVirtual().name("lease " + name()).start(() -> renewUntilOver(tenure));
    try {
      work.run(tenure, tenure);
      return !tenure.requested() && !tenure.interfered;
    } catch (LeaseLostException lost) {
      LOG.atWarn()
          .addKeyValue("lease", name())
          .addKeyValue("fence", tenure.fence())
          .log("A lease was lost while its work was under way");
      return false;
    } finally {
      tenure.over.countDown();
      renewing.join();
      giveUp();
    }
  }

  private void renewUntilOver(Tenure tenure) {
    Duration pause = settings.renew();
    try {
      while (!tenure.over.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
        pause = settings.renew();
        long sent = System.nanoTime();
        try {
          if (!database.write("lease.renew", t -> claim.renew(Ask.over(t)))) {
            return;
          }
          claim.confirm(sent);
        } catch (StatusRuntimeException away) {
          // The database may be back before the lease runs out.
          pause = settings.look();
          if (!tenure.held()) {
            claim.lost(tenure.fence());
            return;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void giveUp() {
    try {
      database.run("lease.release", t -> claim.giveUp(Ask.over(t)));
    } catch (StatusRuntimeException away) {
      LOG.atInfo().addKeyValue("lease", name()).log("A lease runs out instead of being given up");
    }
  }

  /// The time under one fence.
  private final class Tenure implements Lease, Stopping {
    private final long fence;
    private final Stopping stop;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean interfered;

    Tenure(long fence, Stopping stop) {
      this.fence = fence;
      this.stop = stop;
    }

    @Override
    public String name() {
      return claim.name();
    }

    @Override
    public long fence() {
      return fence;
    }

    @Override
    public boolean held() {
      return claim.fence() == fence && claim.held();
    }

    @Override
    public void check(Handle transaction) {
      if (!claim.check(Ask.over(transaction), fence)) {
        throw new LeaseLostException(name(), fence);
      }
    }

    @Override
    public boolean requested() {
      boolean requested = stop.requested() || !held() || !able.getAsBoolean();
      // The reason may be gone before the work has ended because of it.
      interfered |= requested;
      return requested;
    }

    @Override
    public boolean await(Duration time) throws InterruptedException {
      long end = System.nanoTime() + time.toNanos();
      while (!requested()) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        stop.await(Duration.ofNanos(Math.min(left, SLICE.toNanos())));
      }
      return true;
    }
  }
}
