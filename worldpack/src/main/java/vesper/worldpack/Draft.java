package vesper.worldpack;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import vesper.pack.v1.Calendar;
import vesper.pack.v1.Dialogue;
import vesper.pack.v1.Factions;
import vesper.pack.v1.Npc;
import vesper.pack.v1.Pack;
import vesper.pack.v1.Regions;
import vesper.pack.v1.State;

/// A pack whose files have been read, but whose parts may not fit together yet.
record Draft(
    Document<Pack> pack,
    Document<Calendar> calendar,
    Document<Regions> regions,
    Document<Factions> factions,
    Document<State> state,
    List<Document<Npc>> npcs,
    List<Document<Dialogue>> dialogues,
    List<Manuscript> narratives) {

  private static final String PACK = "pack.yaml";
  private static final String CALENDAR = "calendar.yaml";
  private static final String REGIONS = "regions.yaml";
  private static final String FACTIONS = "factions.yaml";
  private static final String STATE = "state.yaml";
  private static final String NPCS = "npcs/";
  private static final String DIALOGUE = "dialogue/";
  private static final String NARRATIVE = "narrative/";

  /// Reads the files of a pack and checks each by itself; empty when one of them could not be read,
  /// since what it should hold would then be missing everywhere.
  static Optional<Draft> read(PackFiles files, Findings findings) {
    var reader = new Reader(findings);
    files.list().forEach(reader::read);
    return reader.finish();
  }

  private static final class Reader {
    private final Findings findings;
    private final List<Document<Pack>> packs = new ArrayList<>();
    private final List<Document<Calendar>> calendars = new ArrayList<>();
    private final List<Document<Regions>> regions = new ArrayList<>();
    private final List<Document<Factions>> factions = new ArrayList<>();
    private final List<Document<State>> states = new ArrayList<>();
    private final List<Document<Npc>> npcs = new ArrayList<>();
    private final List<Document<Dialogue>> dialogues = new ArrayList<>();
    private final List<Manuscript> narratives = new ArrayList<>();
    private boolean complete = true;

    Reader(Findings findings) {
      this.findings = findings;
    }

    void read(SourceFile file) {
      var path = file.path();
      if (path.endsWith(".md") && !path.startsWith(NARRATIVE)) {
        return;
      }
      switch (path) {
        case PACK -> bind(file, Pack.getDefaultInstance(), packs);
        case CALENDAR -> bind(file, Calendar.getDefaultInstance(), calendars);
        case REGIONS -> bind(file, Regions.getDefaultInstance(), regions);
        case FACTIONS -> bind(file, Factions.getDefaultInstance(), factions);
        case STATE -> bind(file, State.getDefaultInstance(), states);
        case String p when isIn(NPCS, ".yaml", p) -> bind(file, Npc.getDefaultInstance(), npcs);
        case String p when isIn(DIALOGUE, ".yaml", p) ->
            bind(file, Dialogue.getDefaultInstance(), dialogues);
        // Nothing else refers to documents, so one that cannot be read hides nothing.
        case String p when isIn(NARRATIVE, ".md", p) ->
            Manuscript.read(file, findings).ifPresent(narratives::add);
        default ->
            findings.file(
                "P001",
                path,
                "No file of a pack has this name.",
                "Files are %s, %s, %s, %s, %s, %s*.yaml, %s*.yaml and %s*.md."
                    .formatted(
                        PACK, CALENDAR, REGIONS, FACTIONS, STATE, NPCS, DIALOGUE, NARRATIVE));
      }
    }

    private static boolean isIn(String folder, String ending, String path) {
      return path.startsWith(folder)
          && path.endsWith(ending)
          && path.indexOf('/', folder.length()) < 0;
    }

    private <M extends Message> void bind(
        SourceFile file, M prototype, List<Document<M>> documents) {
      var bound = YamlBinder.bind(file, prototype, findings);
      complete &= bound.isPresent();
      bound.ifPresent(b -> {
        RuleCheck.check(b.document(), b.faulty(), findings);
        documents.add(b.document());
      });
    }

    Optional<Draft> finish() {
      require(PACK, packs);
      require(REGIONS, regions);
      require(FACTIONS, factions);
      if (!complete) {
        return Optional.empty();
      }
      var calendar = onlyOne(calendars, CALENDAR, Calendar.getDefaultInstance());
      return Optional.of(
          new Draft(
              packs.getFirst(),
              calendar.with(Calendars.withDefaults(calendar.message())),
              regions.getFirst(),
              factions.getFirst(),
              onlyOne(states, STATE, State.getDefaultInstance()),
              List.copyOf(npcs),
              List.copyOf(dialogues),
              List.copyOf(narratives)));
    }

    private static <M extends Message> Document<M> onlyOne(
        List<Document<M>> read, String file, M empty) {
      return read.isEmpty()
          ? new Document<>(file, empty, Map.of("", Position.START))
          : read.getFirst();
    }

    private void require(String file, List<?> documents) {
      if (documents.isEmpty() && complete) {
        findings.file("P001", file, "The file is missing.", "Every pack has one.");
        complete = false;
      }
    }
  }

  /// Returns the names of the pack's planes.
  Set<String> planeIds() {
    return Ids.of(pack.message().getPlanesList(), p -> p.getId());
  }

  /// Returns the ids of the pack's regions.
  Set<String> regionIds() {
    return Ids.of(regions.message().getRegionsList(), r -> r.getId());
  }

  /// Returns the ids of the pack's factions.
  Set<String> factionIds() {
    return Ids.of(factions.message().getFamiliesList(), f -> f.getId());
  }

  /// Returns the ids of the pack's people.
  Set<String> npcIds() {
    return Ids.of(npcs, n -> n.message().getId());
  }
}
