package vesper.kb;

import io.micrometer.core.instrument.Gauge;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import vesper.retrieval.Chunker;
import vesper.runtime.ServiceContext;
import vesper.runtime.ServiceModule;
import vesper.runtime.Wiring;
import vesper.worldpack.WorldPack;

/// What is known in the worlds of the given packs, and who may know it. A world is named as its
/// pack.
public final class KnowledgeModule implements ServiceModule {
  /// Raised when documents are taken apart in another way, so that all are taken apart anew.
  private static final int FORM = 1;

  private final List<WorldPack> packs;

  /// Makes the service of some worlds.
  public KnowledgeModule(List<WorldPack> packs) {
    this.packs = List.copyOf(packs);
  }

  @Override
  public String id() {
    return "knowledge-base";
  }

  @Override
  public String domain() {
    return "kb";
  }

  @Override
  public List<Class<? extends Record>> settings() {
    return List.of(KbConfig.class);
  }

  @Override
  public Wiring wire(ServiceContext context) {
    var config = context.config(KbConfig.class);
    var database = context.database();
    var sizes = config.chunk().toChunkSizes();
    var packVolumes = new PackVolumes(new Chunker(sizes));
    Map<String, List<Volume>> volumes = new TreeMap<>();
    Map<String, Inhabitants> inhabitants = new TreeMap<>();
    for (var pack : packs) {
      volumes.put(pack.name(), packVolumes.of(pack));
      inhabitants.put(pack.name(), Inhabitants.of(pack));
    }
    var library = new Library(database, volumes.keySet(), config.rankingRules());
    var cutBy = "%d %s".formatted(FORM, sizes);
    var librarian = new Librarian(database, library, volumes, cutBy, config.refresh());
    var meanings = new Meanings(context.channel(), config.queryPatience());
    var indexer = new Indexer(database, library, meanings, config.batch(), config.refresh());
    Gauge.builder("vesper.kb.passages", library, KnowledgeModule::passages)
        .description("Passages that are searched")
        .register(context.meters());
    Gauge.builder("vesper.kb.passages.without.vector", library, KnowledgeModule::blanks)
        .description("Passages whose vector is not made yet")
        .register(context.meters());
    var askers = new Askers(database, inhabitants);
    return new Wiring(
        List.of(
            new KnowledgeService(library, askers, meanings, indexer, database, context.clock())),
        List.of(librarian, indexer));
  }

  private static double passages(Library library) {
    return library.shelves().stream().mapToInt(Shelf::size).sum();
  }

  private static double blanks(Library library) {
    return library.shelves().stream()
        .mapToInt(shelf -> shelf.blanks(Optional.empty()).size())
        .sum();
  }
}
