package vesper.bench.fault;

import java.time.Duration;
import java.util.List;

/// What is done to a running system, and what must hold of it.
enum Scenario {
  /// One of three replicas of npc-behavior dies.
  REPLICA("kill -9 of one of three npc-behavior", 0, 0, 2, false) {
    @Override
    Marks marks() {
      return super.marks().withPlainTalks(Load.PLAIN_TALKERS);
    }

    @Override
    void inflict(Cluster cluster, Duration outage) throws Exception {
      Replica victim = cluster.people().getFirst();
      victim.kill();
      Thread.sleep(CALM);
      victim.start();
    }
  },

  /// The broker is away.
  NATS("nats-server away", Marks.ANY, Marks.ANY, 2, true) {
    @Override
    void inflict(Cluster cluster, Duration outage) throws Exception {
      cluster.nats().close();
      Thread.sleep(outage);
      cluster.startNats();
    }
  },

  /// The database is away.
  POSTGRES("PostgreSQL away", Marks.ANY, Marks.ANY, 2, true) {
    @Override
    void inflict(Cluster cluster, Duration outage) throws Exception {
      cluster.postgres().close();
      Thread.sleep(outage);
      cluster.startPostgres();
    }
  },

  /// Both are away.
  BOTH("nats-server and PostgreSQL away", Marks.ANY, Marks.ANY, 2, true) {
    @Override
    void inflict(Cluster cluster, Duration outage) throws Exception {
      cluster.nats().close();
      cluster.postgres().close();
      Thread.sleep(outage);
      cluster.startPostgres();
      cluster.startNats();
    }
  },

  /// Each process is stopped in order and started again, one after the other.
  ROLLING("rolling restart of every process", 0, Marks.ANY, Marks.ANY, false) {
    @Override
    void inflict(Cluster cluster, Duration outage) throws Exception {
      for (Replica replica : cluster.replicas()) {
        replica.stop();
        replica.start();
        cluster.awaitReady();
      }
    }
  },

  /// Each node stands still for longer than a lease, so the holder of every lease does once.
  PAUSE(
      "SIGSTOP of each node for 20 s, longer than its leases",
      Marks.ANY,
      Marks.ANY,
      Marks.ANY,
      false) {
    @Override
    void inflict(Cluster cluster, Duration outage) throws Exception {
      for (Replica node : cluster.nodes()) {
        node.signal("STOP");
        Thread.sleep(LONGER_THAN_A_LEASE);
        node.signal("CONT");
        cluster.awaitReady();
        Thread.sleep(CALM);
      }
    }
  },

  /// Everything dies at once.
  ALL("kill -9 of everything at once, and a new start", Marks.ANY, Marks.ANY, Marks.ANY, false) {
    @Override
    void inflict(Cluster cluster, Duration outage) throws Exception {
      List<Replica> replicas = cluster.replicas();
      for (Replica replica : replicas) {
        replica.kill();
      }
      cluster.nats().kill();
      cluster.postgres().kill();
      Thread.sleep(CALM);
      cluster.startPostgres();
      cluster.startNats();
      replicas.forEach(Replica::start);
    }
  };

  private static final Duration CALM = Duration.ofSeconds(5);
  private static final Duration LONGER_THAN_A_LEASE = Duration.ofSeconds(20);

  private final String words;
  private final int failures;
  private final int unkeyed;
  private final int changes;
  private final boolean heals;

  /// What must hold, beside that nothing is lost and nothing is doubled.
  ///
  /// @param failures of calls that may be repeated, at most
  /// @param unkeyed failures of changes that may not be repeated, at most
  /// @param plainTalks failures of words that may not be repeated, at most
  /// @param changes of readiness of each process, at most
  /// @param heals whether all must be ready again, without a start, within 10 s
  record Marks(int failures, int unkeyed, int plainTalks, int changes, boolean heals) {
    /// No bound.
    static final int ANY = Integer.MAX_VALUE;

    Marks withPlainTalks(int most) {
      return new Marks(failures, unkeyed, most, changes, heals);
    }
  }

  Scenario(String words, int failures, int unkeyed, int changes, boolean heals) {
    this.words = words;
    this.failures = failures;
    this.unkeyed = unkeyed;
    this.changes = changes;
    this.heals = heals;
  }

  /// Does it; returns when the part is back.
  ///
  /// @param outage how long the part is away
  abstract void inflict(Cluster cluster, Duration outage) throws Exception;

  String words() {
    return words;
  }

  Marks marks() {
    return new Marks(failures, unkeyed, Marks.ANY, changes, heals);
  }
}
