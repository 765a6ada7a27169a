package vesper.runtime;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.UUID;

/// The claim of one process to one lease of a schema: takes it when it is free, renews it, gives it
/// up. Whether it is held the database decides by its own time; what is remembered here only saves
/// asking, and only to the safe side: counted from before the last renewal was sent.
final class LeaseClaim {
  private final String name;
  private final LeaseSettings settings;
  private final String holder = ProcessHandle.current().pid() + "/" + UUID.randomUUID();
  private final Statements sql;
  private final Counter losses;
  private volatile long fence;
  private volatile long renewed;
  private long asked;

  LeaseClaim(String domain, String name, LeaseSettings settings, MeterRegistry meters) {
    this.name = name;
    this.settings = settings;
    this.sql = Statements.of(domain);
    this.asked = System.nanoTime() - settings.look().toNanos();
    Tags tags = Tags.of("domain", domain, "lease", name);
    losses =
        Counter.builder("vesper.lease.lost")
            .tags(tags)
            .description("How often a lease was lost that was not given up")
            .register(meters);
    Gauge.builder("vesper.lease.held", this, claim -> claim.held() ? 1 : 0)
        .tags(tags)
        .description("Whether this process holds the lease")
        .register(meters);
  }

  String name() {
    return name;
  }

  String holder() {
    return holder;
  }

  /// The number under which it is held; 0 while it is not.
  long fence() {
    return fence;
  }

  /// Whether it is held, as far as that is known without asking.
  boolean held() {
    return fence != 0 && isWithin(settings.duration());
  }

  /// Takes the lease if it is free or this claim's own, and returns its fence, or 0. It is held
  /// from when [#begin] says that this has committed.
  <X extends Exception> long take(Ask<X> ask) throws X {
    return ask.ask(sql.take(), name, holder, millis(), name, holder, millis());
  }

  /// Notes that the lease was taken.
  ///
  /// @param sent when, by this process's clock, it was asked for
  void begin(long taken, long sent) {
    renewed = sent;
    fence = taken;
  }

  /// Holds the lease for another while, and returns whether it was still held. It counts from when
  /// [#confirm] says that this has committed.
  <X extends Exception> boolean renew(Ask<X> ask) throws X {
    long mine = fence;
    boolean still = mine != 0 && ask.ask(sql.renew(), millis(), name, holder, mine) != 0;
    if (!still) {
      lost(mine);
    }
    return still;
  }

  /// Notes that the lease was renewed.
  void confirm(long sent) {
    renewed = sent;
  }

  /// Takes or renews when it is time to, and returns whether the lease is held. Asks the database
  /// no more often than that needs.
  ///
  /// @param ask commits each statement by itself
  <X extends Exception> boolean keep(Ask<X> ask) throws X {
    long now = System.nanoTime();
    if (fence != 0 && isWithin(settings.renew())) {
      return true;
    }
    if (fence != 0 && renew(ask)) {
      confirm(now);
      return true;
    }
    if (now - asked < settings.look().toNanos()) {
      return false;
    }
    asked = now;
    long taken = take(ask);
    if (taken != 0) {
      begin(taken, now);
    }
    return taken != 0;
  }

  /// Lets another have the lease at once.
  <X extends Exception> void giveUp(Ask<X> ask) throws X {
    long mine = fence;
    fence = 0;
    if (mine != 0) {
      ask.ask(sql.giveUp(), name, holder, mine);
    }
  }

  /// Does not try to take the lease for a while, so that others may.
  void rest(Duration time) {
    asked = System.nanoTime() + time.toNanos();
  }

  /// Locks the lease until the transaction ends, and returns whether it is held under this fence.
  <X extends Exception> boolean check(Ask<X> ask, long under) throws X {
    boolean mine = ask.ask(sql.check(), name, holder, under) != 0;
    if (!mine) {
      lost(under);
    }
    return mine;
  }

  /// Puts a statement that has an effect only while the lease is held, and returns its number.
  ///
  /// @param rest follows `with held as (…),`, whose rows are one or none
  <X extends Exception> long guarded(Ask<X> ask, long under, String rest, Object argument)
      throws X {
    return ask.ask(sql.guard() + rest, name, holder, under, argument);
  }

  /// Notes that it is held no more.
  synchronized void lost(long under) {
    if (under != 0 && fence == under) {
      fence = 0;
      losses.increment();
    }
  }

  private boolean isWithin(Duration time) {
    return System.nanoTime() - renewed < time.toNanos();
  }

  private long millis() {
    return settings.duration().toMillis();
  }

  /// The statements on the table of one schema.
  ///
  /// Taking looks before it inserts: a row that is held is neither locked nor written by those who
  /// wait. Work locks the row `for key share`, which a renewal does not wait for; taking names the
  /// key among what it sets, and so waits until the work has ended. The idle limit that `check`
  /// sets ends a transaction whose process stands still.
  private record Statements(String take, String renew, String giveUp, String check, String guard) {
    static Statements of(String domain) {
      String held =
          " where name = ? and holder = ? and fence = ? and expires_at > clock_timestamp()";
      return new Statements(
          """
          insert into %1$s.lease as held (name, holder, fence, expires_at)
          select ?, ?, 1, clock_timestamp() + ? * interval '1 ms'
          where not exists (
            select 1 from %1$s.lease
            where name = ? and holder <> ? and expires_at > clock_timestamp())
          on conflict (name) do update
          set name = excluded.name, holder = excluded.holder, fence = held.fence + 1,
            expires_at = clock_timestamp() + ? * interval '1 ms'
          where held.expires_at <= clock_timestamp() or held.holder = excluded.holder
          returning fence
          """
              .formatted(domain),
          "update %s.lease set expires_at = clock_timestamp() + ? * interval '1 ms'"
                  .formatted(domain)
              + held
              + " returning fence",
          "update %s.lease set expires_at = clock_timestamp()".formatted(domain)
              + held
              + " returning fence",
          """
          select length(set_config('idle_in_transaction_session_timeout', cast(cast(greatest(1,
            ceil(extract(epoch from expires_at - clock_timestamp()) * 1000)) as bigint) as text), true))
          from %s.lease
          """
                  .formatted(domain)
              + held
              + " for key share",
          "with held as (select 1 from %s.lease".formatted(domain) + held + " for key share), ");
    }
  }
}
