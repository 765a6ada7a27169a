package vesper.npc;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import vesper.runtime.ServiceContext;
import vesper.runtime.ServiceModule;
import vesper.runtime.Stopping;
import vesper.runtime.Wiring;
import vesper.runtime.Worker;
import vesper.worldpack.WorldPack;

/// The people of the worlds of the given packs: who they are, what they remember, how they stand to
/// others, and how they talk. A world is named as its pack.
public final class NpcModule implements ServiceModule {

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(30);
  private static final int MOST_AT_ONCE = 100;

  private final List<WorldPack> packs;

  /// Makes the service of some worlds.
  public NpcModule(List<WorldPack> packs) {
    this.packs = List.copyOf(packs);
  }

  @Override
  public String id() {
    return "npc-behavior";
  }

  @Override
  public String domain() {
    return "npc";
  }

  @Override
  public List<Class<? extends Record>> settings() {
    return List.of(NpcConfig.class);
  }

  @Override
  public Wiring wire(ServiceContext context) {
    var config = context.config(NpcConfig.class);
    var database = context.database();
    Map<String, World> worlds = new TreeMap<>();
    for (var pack : packs) {
      worlds.put(
          pack.name(), World.of(pack, context.channel(), context.clock(), config.ask().world()));
    }
    var embedder = new Embedder(context.channel(), config.ask().world());
    var memories = new Memories(database, context.ids()::next, config.memories(), embedder);
    var inquiry =
        new Inquiry(new KnowledgeReader(context.channel(), config.ask().knowledge()), memories);
    var voice = new ModelVoice(context.channel(), config.ask().model());
    var talks = new Talks(database, context.outbox(), context.clock(), context.ids(), config);
    var service =
        new NpcService(
            worlds,
            new Converser(talks, context.clock(), context.ids(), config, inquiry, voice),
            talks,
            memories,
            new Relations(database, context.outbox()),
            new NpcService.Writer(database, context.answers()));
    return new Wiring(
        List.of(service),
        List.of(new Silence(talks), new MemoryEmbedding(database, embedder)),
        new Hearsay(worlds, context.ids()::next).consumers());
  }

  /// Ends talks that nobody goes on with.
  private record Silence(Talks talks) implements Worker {
    @Override
    public String name() {
      return "silence";
    }

    @Override
    public void run(Stopping stop) throws InterruptedException {
      do {
        boolean more = true;
        while (more && !stop.requested()) {
          more = talks.endSilent(MOST_AT_ONCE) == MOST_AT_ONCE;
        }
      } while (!stop.await(BETWEEN_LOOKS));
    }
  }
}
