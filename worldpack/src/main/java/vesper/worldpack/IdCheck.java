package vesper.worldpack;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/// P002: an id that two things of one kind share.
final class IdCheck implements PackCheck {

  /// Where an id is given.
  private record Given(String id, Document<?> document, String path) {}

  @Override
  public void check(Draft draft, Findings findings) {
    var pack = draft.pack();
    var planes = new ArrayList<Given>();
    for (int i = 0; i < pack.message().getPlanesCount(); i++) {
      var plane = pack.message().getPlanes(i);
      planes.add(new Given(plane.getId(), pack, "planes[%d].id".formatted(i)));
      planes.addAll(names(pack, "planes[%d].aliases".formatted(i), plane.getAliasesList()));
    }
    check("plane or alias", planes, findings);

    var calendar = draft.calendar();
    check(
        "season",
        given(calendar, "seasons", calendar.message().getSeasonsList(), s -> s.getId()),
        findings);

    var regions = draft.regions();
    check(
        "region",
        given(regions, "regions", regions.message().getRegionsList(), r -> r.getId()),
        findings);
    for (int i = 0; i < regions.message().getRegionsCount(); i++) {
      var places = regions.message().getRegions(i).getPlacesList();
      check(
          "place",
          given(regions, "regions[%d].places".formatted(i), places, p -> p.getId()),
          findings);
    }

    var factions = draft.factions();
    check(
        "faction",
        given(factions, "families", factions.message().getFamiliesList(), f -> f.getId()),
        findings);

    check(
        "person",
        draft.npcs().stream().map(npc -> new Given(npc.message().getId(), npc, "id")).toList(),
        findings);
    for (var npc : draft.npcs()) {
      check(
          "topic",
          given(npc, "knowledge", npc.message().getKnowledgeList(), t -> t.getId()),
          findings);
      var others = npc.message().getRelationsList();
      check("person", given(npc, "relations", others, r -> r.getNpc(), "npc"), findings);
    }

    var state = draft.state();
    check("flag", given(state, "flags", state.message().getFlagsList(), f -> f.getId()), findings);
    var entities = new ArrayList<Given>();
    Ids.index(draft.npcs(), npc -> npc.message().getId())
        .forEach((id, npc) -> entities.add(new Given("npc:" + id, npc, "id")));
    entities.addAll(given(state, "entities", state.message().getEntitiesList(), e -> e.getId()));
    check("entity", entities, findings);

    check(
        "document",
        draft.narratives().stream()
            .map(Manuscript::front)
            .map(front -> new Given(front.message().getId(), front, "id"))
            .toList(),
        findings);

    var templates = new ArrayList<Given>();
    var intents = new ArrayList<Given>();
    for (var dialogue : draft.dialogues()) {
      var message = dialogue.message();
      templates.addAll(given(dialogue, "templates", message.getTemplatesList(), t -> t.getId()));
      intents.addAll(
          given(
              dialogue,
              "intents",
              message.getIntentsList(),
              i -> i.hasId() ? YamlBinder.shortName(i.getId().getValueDescriptor()) : ""));
    }
    check("template", templates, findings);
    check("intent", intents, findings);
  }

  private static <T> List<Given> given(
      Document<?> document, String list, List<T> parts, Function<T, String> id) {
    return given(document, list, parts, id, "id");
  }

  private static <T> List<Given> given(
      Document<?> document, String list, List<T> parts, Function<T, String> id, String key) {
    return IntStream.range(0, parts.size())
        .mapToObj(
            i -> new Given(id.apply(parts.get(i)), document, "%s[%d].%s".formatted(list, i, key)))
        .toList();
  }

  private static List<Given> names(Document<?> document, String list, List<String> names) {
    return IntStream.range(0, names.size())
        .mapToObj(i -> new Given(names.get(i), document, "%s[%d]".formatted(list, i)))
        .toList();
  }

  private static void check(String kind, List<Given> all, Findings findings) {
    Map<String, Given> first = new HashMap<>();
    for (var given : all) {
      if (given.id().isEmpty()) {
        continue;
      }
      var before = first.putIfAbsent(given.id(), given);
      if (before != null) {
        findings.error(
            "P002",
            given.document(),
            given.path(),
            "The %s \"%s\" is given twice.".formatted(kind, given.id()),
            "The first is at %s:%d."
                .formatted(
                    before.document().file(), before.document().position(before.path()).line()));
      }
    }
  }
}
