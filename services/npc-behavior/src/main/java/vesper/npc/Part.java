package vesper.npc;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import vesper.pack.v1.Intent;
import vesper.pack.v1.Npc;
import vesper.pack.v1.Place;
import vesper.pack.v1.Region;
import vesper.pack.v1.Template;
import vesper.worldpack.WorldPack;

/// One person's part in a world: who it is, and all that it can say and be asked about.
///
/// @param npc who it is
/// @param region where it is at home
/// @param place where it is found
/// @param lines that it may say, by intent
/// @param subjects that it can be asked about
/// @param persona who it is, as a model is told
record Part(
    Npc npc,
    Region region,
    Place place,
    Map<Intent, List<ScriptLine>> lines,
    Subjects subjects,
    String persona) {

  static Part of(Npc npc, WorldPack pack) {
    var region =
        pack.regions().getOrDefault(npc.getHome().getRegion(), Region.getDefaultInstance());
    var place =
        region.getPlacesList().stream()
            .filter(each -> each.getId().equals(npc.getHome().getPlace()))
            .findFirst()
            .orElse(Place.getDefaultInstance());
    Map<Intent, List<ScriptLine>> lines = new EnumMap<>(Intent.class);
    for (var intent : Intent.values()) {
      lines.put(
          intent,
          pack.dialogue().getTemplatesList().stream()
              .filter(template -> template.getIntent() == intent && isFor(template, npc, region))
              .flatMap(template -> ScriptLine.of(template).stream())
              .toList());
    }
    Map<String, String> people = new HashMap<>();
    pack.npcs().forEach((id, other) -> people.put(id, other.getName()));
    return new Part(
        npc,
        region,
        place,
        Map.copyOf(lines),
        new Subjects(names(npc, pack)),
        Persona.of(npc, place.getName(), region.getName(), people));
  }

  /// What a stranger is to this person.
  Relation baseline() {
    var baseline = npc.getBaseline();
    return new Relation(
        baseline.getTrust(), baseline.getAffection(), baseline.getRespect(), baseline.getFear());
  }

  List<ScriptLine> lines(Intent intent) {
    return lines.getOrDefault(intent, List.of());
  }

  private static boolean isFor(Template template, Npc npc, Region region) {
    return isFor(template.getNpcsList(), npc.getId())
        && isFor(template.getFactionsList(), npc.getFaction())
        && isFor(template.getPlanesList(), region.getPlane());
  }

  private static boolean isFor(List<String> limits, String id) {
    return limits.isEmpty() || limits.contains(id);
  }

  private static Map<Subject, Collection<String>> names(Npc npc, WorldPack pack) {
    Map<Subject, Collection<String>> names = new LinkedHashMap<>();
    for (var topic : npc.getKnowledgeList()) {
      names.put(new Subject.Known(topic), names(topic.getName(), topic.getAliasesList()));
    }
    for (var other : pack.npcs().values()) {
      if (!other.getId().equals(npc.getId())) {
        names.put(
            Subject.Person.of(other.getId(), other.getName(), npc.getRelationsList()),
            names(other.getName(), other.getAliasesList()));
      }
    }
    for (var region : pack.regions().values()) {
      for (var place : region.getPlacesList()) {
        names.put(
            new Subject.Place(
                "place:" + region.getId() + "/" + place.getId(),
                place.getName(),
                place.getDescription()),
            names(place.getName(), place.getAliasesList()));
      }
      names.put(
          new Subject.Place("region:" + region.getId(), region.getName(), region.getDescription()),
          names(region.getName(), region.getAliasesList()));
    }
    for (var family : pack.factions().values()) {
      names.put(
          new Subject.Family("family:" + family.getId(), family.getName(), family.getDescription()),
          names(family.getName(), family.getAliasesList()));
    }
    return names;
  }

  private static List<String> names(String name, List<String> aliases) {
    return Stream.concat(Stream.of(name), aliases.stream()).toList();
  }
}
