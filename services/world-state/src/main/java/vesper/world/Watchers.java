package vesper.world;

import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import vesper.runtime.Database;
import vesper.runtime.Refusal;
import vesper.world.v1.WorldFrame;

/// The streams of changes of this replica. Each runs in the thread of its call, so a slow reader
/// parks that thread and no other; what happens meanwhile waits in its [Seat].
final class Watchers {
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final Database database;
  private final WorldConfig.Watch config;
  private final InstantSource clock;
  private final TokenKey key;
  private final Map<String, Feed> feeds = new TreeMap<>();
  private final Semaphore free;

  Watchers(
      Collection<GameWorld> worlds,
      Database database,
      WorldConfig.Watch config,
      InstantSource clock) {
    this.database = database;
    this.config = config;
    this.clock = clock;
    key = new TokenKey(database);
    free = new Semaphore(config.most());
    for (GameWorld world : worlds) {
      WorldReader reader = reader(world);
      feeds.put(world.id(), new Feed(world.id(), config.poll(), reader::head, reader::since));
    }
  }

  /// What somebody asks to watch.
  ///
  /// @param frame how long changes are collected
  /// @param resumeToken empty to begin
  record Wish(View view, Duration frame, String resumeToken) {}

  Collection<Feed> feeds() {
    return feeds.values();
  }

  /// Says that this replica changed a world.
  void changed(GameWorld world) {
    feed(world).ring();
  }

  /// Returns how many streams are open.
  int open() {
    return config.most() - free.availablePermits();
  }

  /// Tells what is in a world and how it changes, until the reader leaves.
  ///
  /// @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for a token of another watch,
  ///   RESOURCE_EXHAUSTED when there are too many streams, UNAVAILABLE when this replica stops
  void watch(GameWorld world, Wish wish, StreamObserver<WorldFrame> out) {
    ResumeToken.Sealer sealer = new ResumeToken.Sealer(key.bytes(), world.id(), wish.view());
    Optional<ResumeToken> token = token(sealer, wish.resumeToken());
    if (!free.tryAcquire()) {
      throw Refusal.exhausted(RETRY, "this replica has as many watchers as it may");
    }
    Seat seat = new Seat(wish.view(), config.pending());
    Context call = Context.current();
    Context.CancellationListener wake = _ -> seat.wake();
    call.addListener(wake, Runnable::run);
    try {
      Watch watch =
          new Watch(
              world,
              reader(world),
              wish.view(),
              seat,
              new Watch.Teller(sealer, clock, out::onNext));
      if (token.isPresent()) {
        seat.hold();
      }
      feed(world).join(seat);
      if (token.isPresent()) {
        watch.resume(token.filter(this::isFresh).map(ResumeToken::seq));
      } else {
        watch.begin();
      }
      feed(world).ring();
      run(watch, seat, wish.frame(), call);
    } finally {
      call.removeListener(wake);
      feed(world).leave(seat);
      free.release();
    }
  }

  private void run(Watch watch, Seat seat, Duration frame, Context call) {
    long told = System.nanoTime();
    long due = told;
    while (!call.isCancelled()) {
      if (seat.closed()) {
        throw Refusal.unavailable(RETRY, "this replica stops");
      }
      long now = System.nanoTime();
      boolean work = watch.hasWork();
      long wait = work && watch.isLive() ? due - now : 0;
      long silence = told + config.stillAlive().toNanos() - now;
      if (work && wait <= 0) {
        told = watch.work() ? System.nanoTime() : told;
        due = System.nanoTime() + frame.toNanos();
      } else if (silence <= 0) {
        watch.beat();
        told = System.nanoTime();
      } else {
        sleep(seat, work ? Math.min(wait, silence) : silence);
      }
    }
  }

  private static void sleep(Seat seat, long nanos) {
    try {
      seat.sleep(Duration.ofNanos(nanos));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Refusal.unavailable(RETRY, "this replica stops");
    }
  }

  private boolean isFresh(ResumeToken token) {
    Instant now = clock.instant();
    return !token.issuedAt().plus(config.resume()).isBefore(now);
  }

  private static Optional<ResumeToken> token(ResumeToken.Sealer sealer, String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<ResumeToken> token = sealer.open(text);
    if (token.isEmpty()) {
      throw Refusal.invalid("resumeToken", "was not sent to this watch");
    }
    return token;
  }

  private WorldReader reader(GameWorld world) {
    return new PostgresWorldReader(database, world, config.resumeChanges());
  }

  private Feed feed(GameWorld world) {
    return Objects.requireNonNull(feeds.get(world.id()));
  }
}
