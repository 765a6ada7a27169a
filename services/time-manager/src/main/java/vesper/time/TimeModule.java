package vesper.time;

import java.util.List;
import vesper.runtime.ServiceContext;
import vesper.runtime.ServiceModule;
import vesper.runtime.Wiring;
import vesper.worldpack.WorldPack;

/// The clock service: one game clock for each world of the given packs. A world is named as its
/// pack, and its clock starts, once and for all, when the service first sees it.
public final class TimeModule implements ServiceModule {
  private final List<WorldPack> packs;

  /// Makes the service of some worlds.
  public TimeModule(List<WorldPack> packs) {
    this.packs = List.copyOf(packs);
  }

  @Override
  public String id() {
    return "time-manager";
  }

  @Override
  public String domain() {
    return "time";
  }

  @Override
  public List<Class<? extends Record>> settings() {
    return List.of(TimeConfig.class);
  }

  @Override
  public Wiring wire(ServiceContext context) {
    TimeConfig config = context.config(TimeConfig.class);
    ClockStore store = new PostgresClockStore(context.database(), context.outbox());
    List<WorldClock> worlds = packs.stream().map(pack -> world(pack, config)).toList();
    Timekeeper timekeeper = new Timekeeper(worlds, store, context.clock());
    Announcer announcer = new Announcer(timekeeper, store, config);
    Ticker ticker = new Ticker(timekeeper, config.stream(), context.live(), announcer::announces);
    context.meters().gauge("vesper.time.streams", ticker, Ticker::openStreams);
    return new Wiring(
        List.of(new TimeService(timekeeper, ticker)),
        List.of(
            new ReplicaWatch(timekeeper, config.refresh()),
            context.leases().worker(Announcer.LEASE, announcer),
            ticker));
  }

  private static WorldClock world(WorldPack pack, TimeConfig config) {
    GameCalendar calendar = new GameCalendar(PackCalendar.rules(pack.calendar()));
    return new WorldClock(
        pack.name(),
        calendar,
        new Boundaries(calendar, config.catchUpHours() * 3_600L),
        PackCalendar.start(pack.calendar()));
  }
}
