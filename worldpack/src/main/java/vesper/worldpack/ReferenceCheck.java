package vesper.worldpack;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import vesper.pack.v1.Npc;
import vesper.pack.v1.Place;
import vesper.pack.v1.Region;

/// P003: an id that nothing has, and a person whose file has another name.
final class ReferenceCheck implements PackCheck {

  @Override
  public void check(Draft draft, Findings findings) {
    checkMap(draft, findings);
    checkFactions(draft, findings);
    var factions = draft.factionIds();
    var npcs = draft.npcIds();
    var regions = Ids.index(draft.regions().message().getRegionsList(), Region::getId);
    for (var npc : draft.npcs()) {
      checkHome(npc, regions, findings);
      var message = npc.message();
      refer(npc, "faction", "faction", message.getFaction(), factions, findings);
      for (int i = 0; i < message.getRelationsCount(); i++) {
        var path = "relations[%d].npc".formatted(i);
        refer(npc, path, "person", message.getRelations(i).getNpc(), npcs, findings);
      }
      if (!message.getId().isEmpty() && !npc.file().equals("npcs/" + message.getId() + ".yaml")) {
        findings.error(
            "P003",
            npc,
            "id",
            "The file does not have the name of the person.",
            "Call it npcs/%s.yaml.".formatted(message.getId()));
      }
    }
    checkDialogue(draft, findings);
    var entities = draft.state().message().getEntitiesList();
    for (int i = 0; i < entities.size(); i++) {
      var path = "entities[%d].region".formatted(i);
      var region = entities.get(i).getRegion();
      refer(draft.state(), path, "region", region, regions.keySet(), findings);
    }
  }

  private static void checkMap(Draft draft, Findings findings) {
    var document = draft.regions();
    var planes = draft.planeIds();
    var ids = draft.regionIds();
    var regions = document.message().getRegionsList();
    for (int i = 0; i < regions.size(); i++) {
      var region = regions.get(i);
      var at = "regions[%d].".formatted(i);
      refer(document, at + "plane", "plane", region.getPlane(), planes, findings);
      refer(document, at + "counterpart", "region", region.getCounterpart(), ids, findings);
    }
    var edges = document.message().getEdgesList();
    for (int i = 0; i < edges.size(); i++) {
      var at = "edges[%d].".formatted(i);
      refer(document, at + "from", "region", edges.get(i).getFrom(), ids, findings);
      refer(document, at + "to", "region", edges.get(i).getTo(), ids, findings);
    }
  }

  private static void checkFactions(Draft draft, Findings findings) {
    var document = draft.factions();
    var planes = draft.planeIds();
    var regions = draft.regionIds();
    var families = document.message().getFamiliesList();
    for (int i = 0; i < families.size(); i++) {
      var family = families.get(i);
      var at = "families[%d].".formatted(i);
      refer(document, at + "plane", "plane", family.getPlane(), planes, findings);
      refer(document, at + "home", "region", family.getHome(), regions, findings);
    }
  }

  private static void checkHome(Document<Npc> npc, Map<String, Region> regions, Findings findings) {
    var home = npc.message().getHome();
    refer(npc, "home.region", "region", home.getRegion(), regions.keySet(), findings);
    var region = regions.get(home.getRegion());
    if (region != null) {
      var places = Ids.of(region.getPlacesList(), Place::getId);
      refer(npc, "home.place", "place", home.getPlace(), places, findings);
    }
  }

  private static void checkDialogue(Draft draft, Findings findings) {
    var npcs = draft.npcIds();
    var factions = draft.factionIds();
    var planes = draft.planeIds();
    for (var document : draft.dialogues()) {
      var templates = document.message().getTemplatesList();
      for (int i = 0; i < templates.size(); i++) {
        var template = templates.get(i);
        var at = "templates[%d].".formatted(i);
        referAll(document, at + "npcs", "person", template.getNpcsList(), npcs, findings);
        referAll(
            document, at + "factions", "faction", template.getFactionsList(), factions, findings);
        referAll(document, at + "planes", "plane", template.getPlanesList(), planes, findings);
      }
    }
  }

  private static void referAll(
      Document<?> document,
      String path,
      String kind,
      List<String> ids,
      Set<String> known,
      Findings findings) {
    for (int i = 0; i < ids.size(); i++) {
      refer(document, "%s[%d]".formatted(path, i), kind, ids.get(i), known, findings);
    }
  }

  private static void refer(
      Document<?> document,
      String path,
      String kind,
      String id,
      Collection<String> known,
      Findings findings) {
    if (!id.isEmpty() && !known.contains(id)) {
      findings.error(
          "P003",
          document,
          path,
          "There is no %s \"%s\".".formatted(kind, id),
          Suggestion.hint(id, known));
    }
  }
}
