package vesper.worldpack;

import static java.util.Collections.unmodifiableMap;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import vesper.pack.v1.Calendar;
import vesper.pack.v1.Dialogue;
import vesper.pack.v1.Edge;
import vesper.pack.v1.Faction;
import vesper.pack.v1.Npc;
import vesper.pack.v1.Pack;
import vesper.pack.v1.Region;
import vesper.pack.v1.State;

/// A world as its author wrote it: checked, complete and immutable. Maps are sorted by id.
public final class WorldPack {
  private final Pack pack;
  private final String digest;
  private final Calendar calendar;
  private final Map<String, Region> regions;
  private final List<Edge> edges;
  private final Map<String, Faction> factions;
  private final State state;
  private final Map<String, Npc> npcs;
  private final Dialogue dialogue;
  private final Map<String, NarrativeDocument> narratives;

  private WorldPack(Draft draft, String digest) {
    pack = draft.pack().message();
    this.digest = digest;
    calendar = draft.calendar().message();
    regions = sorted(Ids.index(draft.regions().message().getRegionsList(), Region::getId));
    edges = List.copyOf(draft.regions().message().getEdgesList());
    factions = sorted(Ids.index(draft.factions().message().getFamiliesList(), Faction::getId));
    state = draft.state().message();
    npcs = sorted(Ids.index(draft.npcs().stream().map(Document::message).toList(), Npc::getId));
    var all = Dialogue.newBuilder();
    draft.dialogues().forEach(document -> all.mergeFrom(document.message()));
    dialogue = all.build();
    narratives =
        sorted(
            Ids.index(
                draft.narratives().stream().map(Manuscript::toDocument).toList(),
                document -> document.narrative().getId()));
  }

  /// Reads the pack in a directory. Throws [InvalidPackException] with everything that is wrong
  /// with it, and [java.io.UncheckedIOException] when the disk cannot be read.
  public static WorldPack load(Path directory) {
    var examined = PackValidator.examine(directory);
    boolean broken =
        examined.findings().stream().anyMatch(f -> f.severity() == Finding.Severity.ERROR);
    return examined
        .draft()
        .filter(_ -> !broken)
        .map(draft -> new WorldPack(draft, examined.digest()))
        .orElseThrow(() -> new InvalidPackException(directory, examined.findings()));
  }

  /// Returns the pack's id.
  public String name() {
    return pack.getName();
  }

  /// Returns the pack's semantic version.
  public String version() {
    return pack.getVersion();
  }

  /// Returns SHA-256 over all files of the pack, in lower-case hexadecimal: packs with one digest
  /// are the same to the byte.
  public String digest() {
    return digest;
  }

  /// Returns what `pack.yaml` says.
  public Pack pack() {
    return pack;
  }

  /// Returns the calendar, with its defaults filled in.
  public Calendar calendar() {
    return calendar;
  }

  /// Returns the regions by id.
  public Map<String, Region> regions() {
    return regions;
  }

  /// Returns the ways between regions.
  public List<Edge> edges() {
    return edges;
  }

  /// Returns the factions by id.
  public Map<String, Faction> factions() {
    return factions;
  }

  /// Returns the flags and the things of a new world; of the people, who are entities too, nothing.
  public State state() {
    return state;
  }

  /// Returns the named people by id.
  public Map<String, Npc> npcs() {
    return npcs;
  }

  /// Returns the grammar of scripted talk: all dialogue files, in the order of their names.
  public Dialogue dialogue() {
    return dialogue;
  }

  /// Returns the documents by id.
  public Map<String, NarrativeDocument> narratives() {
    return narratives;
  }

  private static <T> Map<String, T> sorted(Map<String, T> byId) {
    return unmodifiableMap(new TreeMap<>(byId));
  }
}
