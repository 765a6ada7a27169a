package vesper.bench.fuzz;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A run: the requests of a range of numbers, a client that does nothing wrong beside them, and the
/// state of the process before and after. A request depends on seed and number alone.
final class Fuzz {
  private static final int THREADS = 16;
  private static final int GUESTS = 6;
  private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;
  private static final Duration PROGRESS = Duration.ofSeconds(10);

  private final Target target;
  private final long seed;
  private final Consumer<String> progress;

  Fuzz(Target target, long seed, Consumer<String> progress) {
    this.target = target;
    this.seed = seed;
    this.progress = progress;
  }

  /// What a run found.
  ///
  /// @param before what the process held before the requests; null where nobody can look
  record Result(
      Tally tally,
      Client client,
      Vitals.@Nullable Holdings before,
      Vitals.@Nullable Holdings after,
      List<String> failures) {}

  /// Sends the requests from one number on.
  Result run(long first, long count) throws Exception {
    Client client = new Client(target.gateway());
    List<String> guests = new ArrayList<>();
    for (int i = 0; i < GUESTS; i++) {
      guests.add(client.login());
    }
    String world = client.world(guests.getFirst());
    List<String> people = client.people(world, guests.getFirst());
    Optional<Target.Inside> inside = target.inside();
    Arsenal arsenal =
        new Arsenal(
            target.gateway(),
            FuzzRpc.all(),
            new Plausible(world, people, 0),
            new Tokens(guests, inside.map(Target.Inside::keys)));
    Vitals vitals = inside.map(Vitals::new).orElse(null);
    Connection nats = inside.isPresent() ? connect(inside.get()) : null;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      // What is made once and kept (compiled code, pools, caches) is no growth.
      attack(threads, kinds(arsenal, nats), -warmUp(count), warmUp(count), new Tally());
      Vitals.Holdings before = null;
      if (vitals != null) {
        before = vitals.settled();
        vitals.markLog();
      }
      AtomicBoolean over = new AtomicBoolean();
      List<Future<?>> beside = new ArrayList<>();
      beside.add(threads.submit(() -> client.run(world, people, over)));
      if (vitals != null) {
        beside.add(threads.submit(() -> vitals.watch(over)));
      }
      Tally tally = new Tally();
      attack(threads, kinds(arsenal, nats), first, count, tally);
      over.set(true);
      for (Future<?> one : beside) {
        one.get();
      }
      Vitals.Holdings after = vitals == null ? null : vitals.settled();
      return new Result(
          tally, client, before, after, failures(tally, client, vitals, before, after));
    } finally {
      if (nats != null) {
        nats.close();
      }
    }
  }

  private static long warmUp(long count) {
    return Math.min(2_000, count / 4);
  }

  private static Connection connect(Target.Inside inside) throws IOException, InterruptedException {
    return Nats.connect(
        new Options.Builder()
            .server(inside.nats().toString())
            .connectionName("vesper-fuzz")
            .build());
  }

  /// The kinds of requests, each with how to make one for a thread.
  private static Map<String, Supplier<Attack>> kinds(Arsenal arsenal, @Nullable Connection nats) {
    Map<String, Supplier<Attack>> kinds = new TreeMap<>();
    for (HttpAttack.Kind kind : HttpAttack.Kind.values()) {
      kinds.put("http " + named(kind), () -> new HttpAttack(kind, arsenal));
    }
    kinds.put("grpc messages", () -> new GrpcAttack(false, arsenal));
    kinds.put("grpc frames", () -> new GrpcAttack(true, arsenal));
    if (nats != null) {
      for (NatsAttack.Kind kind : NatsAttack.Kind.values()) {
        kinds.put(
            named(kind).replaceFirst("nats-", "nats "), () -> new NatsAttack(kind, arsenal, nats));
      }
    }
    return kinds;
  }

  private static String named(Enum<?> kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private void attack(
      ExecutorService threads,
      Map<String, Supplier<Attack>> kinds,
      long first,
      long count,
      Tally tally)
      throws Exception {
    AtomicLong next = new AtomicLong(first);
    List<Future<Void>> running = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      running.add(
          threads.submit(() -> {
            Map<String, Attack> own = new TreeMap<>();
            kinds.forEach((name, maker) -> own.put(name, maker.get()));
            List<String> names = List.copyOf(own.keySet());
            try {
              for (long n = next.getAndIncrement(); n < first + count; n = next.getAndIncrement()) {
                SplittableRandom random = new SplittableRandom(seed * GOLDEN + n);
                String kind = Oddities.pick(names, random);
                tally.add(kind, n, send(own, kind, random));
              }
            } finally {
              own.values().forEach(Attack::close);
            }
            return null;
          }));
    }
    long begin = System.nanoTime();
    for (Future<Void> thread : running) {
      while (!ended(thread)) {
        double seconds = (System.nanoTime() - begin) / 1e9;
        progress.accept(
            "elapsed %02d:%02d · %,d/%,d · %.0f/s · %d wrong"
                .formatted(
                    (int) seconds / 60,
                    (int) seconds % 60,
                    tally.total(),
                    count,
                    tally.total() / seconds,
                    tally.wrong()));
      }
    }
  }

  private static boolean ended(Future<Void> thread) throws Exception {
    try {
      thread.get(PROGRESS.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
      return true;
    } catch (java.util.concurrent.TimeoutException running) {
      return false;
    }
  }

  private static Attack.Outcome send(
      Map<String, Attack> attacks, String kind, SplittableRandom random) throws Exception {
    Attack attack = attacks.get(kind);
    if (attack == null) {
      throw new IllegalStateException(kind);
    }
    return attack.send(random);
  }

  private static List<String> failures(
      Tally tally,
      Client client,
      @Nullable Vitals vitals,
      Vitals.@Nullable Holdings before,
      Vitals.@Nullable Holdings after)
      throws IOException {
    List<String> failures = new ArrayList<>();
    if (tally.wrong() > 0) {
      failures.add(tally.wrong() + " wrong answers");
    }
    if (client.errors() > 0) {
      failures.add(client.errors() + " errors of the client beside: " + client.problems());
    }
    if (vitals == null || before == null || after == null) {
      return failures;
    }
    if (!vitals.alive()) {
      failures.add("the process has ended");
    }
    if (vitals.notReady() > 0) {
      failures.add("not ready at " + vitals.notReady() + " looks");
    }
    List<String> errors = vitals.errorsInLog();
    if (!errors.isEmpty()) {
      failures.add(errors.size() + " errors in the log, such as: " + errors.getFirst());
    }
    if (after.files() > before.files() + 8) {
      failures.add("descriptors grew from %d to %d".formatted(before.files(), after.files()));
    }
    // Carriers of virtual threads come and go.
    if (after.threads() > before.threads() + 64) {
      failures.add("threads grew from %d to %d".formatted(before.threads(), after.threads()));
    }
    if (after.heap() > before.heap() * 1.15 + (16 << 20)) {
      failures.add("the heap grew from %,d to %,d bytes".formatted(before.heap(), after.heap()));
    }
    return failures;
  }
}
