package vesper.time;

import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import vesper.runtime.LiveEvents;
import vesper.runtime.Refusal;
import vesper.runtime.Stopping;
import vesper.runtime.Worker;
import vesper.time.v1.Ticked;
import vesper.time.v1.TimeTick;

/// Sends ticks: to the readers of streams, and to whoever listens to live events.
///
/// One loop serves all streams of all worlds. It sleeps until the next game minute of any of them,
/// since every unit begins at one, and is woken by changes of clocks. It looks at a world no
/// oftener than the gap of the settings allows, so the ticks of a fast clock stand for several
/// minutes.
final class Ticker implements Worker {
  private static final Duration LONGEST_SLEEP = Duration.ofMillis(500);
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final Timekeeper timekeeper;
  private final TimeConfig.Stream config;
  private final List<WorldTicks> worlds;
  private final Semaphore free;
  private final Alarm alarm = new Alarm();

  /// @param sendsLive whether this replica is the one that sends live events
  Ticker(
      Timekeeper timekeeper, TimeConfig.Stream config, LiveEvents live, BooleanSupplier sendsLive) {
    this.timekeeper = timekeeper;
    this.config = config;
    worlds =
        timekeeper.worlds().stream()
            .map(world ->
                new WorldTicks(
                    world,
                    config.gap(),
                    start -> {
                      if (sendsLive.getAsBoolean()) {
                        live.publish(ticked(world, start), world.world());
                      }
                    }))
            .toList();
    free = new Semaphore(config.most());
    timekeeper.whenChanged(alarm::ring);
  }

  @Override
  public String name() {
    return "ticker";
  }

  /// Sends the time now, and from then on the ticks of a unit until the reader goes away.
  void open(WorldClock world, Cycle unit, ServerCallStreamObserver<TimeTick> out) {
    WorldTicks ticks =
        worlds.stream().filter(candidate -> candidate.world() == world).findFirst().orElseThrow();
    Moment first = new Moment(world, timekeeper.clock(world), timekeeper.now());
    if (!free.tryAcquire()) {
      throw Refusal.exhausted(RETRY, "this replica has as many streams of time as it may");
    }
    TickStream stream = new TickStream(out, unit, config.stillAlive(), first, free::release);
    out.setOnCancelHandler(() -> {
      stream.close();
      ticks.remove(stream);
    });
    out.onNext(first.first());
    ticks.add(stream);
    alarm.ring();
  }

  /// Returns how many streams are open.
  int openStreams() {
    return config.most() - free.availablePermits();
  }

  @Override
  public void run(Stopping stop) throws InterruptedException {
    while (!stop.requested()) {
      alarm.sleep(look());
    }
    end();
  }

  /// Sends what is due, and returns how long nothing will be, if no clock changes.
  Duration look() {
    Duration wait = LONGEST_SLEEP;
    for (WorldTicks ticks : worlds) {
      Instant now = timekeeper.now();
      Duration next = Duration.between(now, ticks.look(now));
      wait = next.compareTo(wait) < 0 ? next : wait;
    }
    return wait;
  }

  /// Ends all streams; their readers may go on at another replica.
  void end() {
    worlds.stream()
        .flatMap(ticks -> ticks.streams().stream())
        .forEach(stream -> stream.end(Refusal.unavailable(RETRY, "this replica stops")));
  }

  private static Ticked ticked(WorldClock world, long start) {
    return Ticked.newBuilder().setWorldId(world.world()).setGameSeconds(start).build();
  }
}
