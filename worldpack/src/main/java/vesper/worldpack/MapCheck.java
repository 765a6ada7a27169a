package vesper.worldpack;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import vesper.pack.v1.EdgeKind;
import vesper.pack.v1.Region;
import vesper.pack.v1.Regions;

/// P005 and P006: whether every region can be reached, crossings lead from plane to plane, and
/// counterparts name each other.
final class MapCheck implements PackCheck {

  @Override
  public void check(Draft draft, Findings findings) {
    var document = draft.regions();
    var byId = Ids.index(document.message().getRegionsList(), Region::getId);
    checkEdges(document, byId, findings);
    checkReach(document, byId, findings);
    checkCounterparts(document, byId, findings);
  }

  private static void checkEdges(
      Document<Regions> document, Map<String, Region> byId, Findings findings) {
    var edges = document.message().getEdgesList();
    for (int i = 0; i < edges.size(); i++) {
      var from = byId.get(edges.get(i).getFrom());
      var to = byId.get(edges.get(i).getTo());
      if (from == null || to == null) {
        continue;
      }
      var path = "edges[%d]".formatted(i);
      boolean crossing = edges.get(i).getKind() == EdgeKind.EDGE_KIND_CROSSING;
      if (from.getId().equals(to.getId())) {
        findings.error("P005", document, path, "The way leads to where it begins.", "");
      } else if (crossing && from.getPlane().equals(to.getPlane())) {
        findings.error(
            "P005",
            document,
            path,
            "The crossing has both ends in the plane \"%s\".".formatted(from.getPlane()),
            "A crossing has one end in each of two planes.");
      } else if (!crossing && !from.getPlane().equals(to.getPlane())) {
        findings.error(
            "P005",
            document,
            path,
            "The way leads from the plane \"%s\" to \"%s\"."
                .formatted(from.getPlane(), to.getPlane()),
            "Only a way of the kind crossing does.");
      }
    }
  }

  private static void checkReach(
      Document<Regions> document, Map<String, Region> byId, Findings findings) {
    Map<String, Set<String>> inPlane = new HashMap<>();
    Map<String, Set<String>> anywhere = new HashMap<>();
    for (var edge : document.message().getEdgesList()) {
      var from = byId.get(edge.getFrom());
      var to = byId.get(edge.getTo());
      if (from != null && to != null) {
        join(anywhere, edge.getFrom(), edge.getTo());
        if (from.getPlane().equals(to.getPlane())) {
          join(inPlane, edge.getFrom(), edge.getTo());
        }
      }
    }
    Map<String, String> firstOfPlane = new LinkedHashMap<>();
    byId.values().forEach(r -> firstOfPlane.putIfAbsent(r.getPlane(), r.getId()));
    firstOfPlane.forEach((plane, first) -> {
      var ids = byId.values().stream().filter(r -> r.getPlane().equals(plane)).map(Region::getId);
      checkReach(document, ids.toList(), inPlane, "The plane \"%s\"".formatted(plane), findings);
    });
    checkReach(document, List.copyOf(firstOfPlane.values()), anywhere, "The world", findings);
  }

  /// Reports the first region of each part that cannot be reached from the first of all.
  private static void checkReach(
      Document<Regions> document,
      List<String> ids,
      Map<String, Set<String>> ways,
      String whole,
      Findings findings) {
    var reached = new HashSet<String>();
    for (var id : ids) {
      if (!reached.contains(id)) {
        if (!reached.isEmpty()) {
          findings.error(
              "P005",
              document,
              path(document, id),
              "%s falls apart: no way leads from \"%s\" to \"%s\"."
                  .formatted(whole, ids.getFirst(), id),
              "Add an edge.");
        }
        spread(id, ways, reached);
      }
    }
  }

  private static void spread(String start, Map<String, Set<String>> ways, Set<String> reached) {
    var open = new ArrayDeque<>(List.of(start));
    while (!open.isEmpty()) {
      var id = open.remove();
      if (reached.add(id)) {
        open.addAll(ways.getOrDefault(id, Set.of()));
      }
    }
  }

  private static void join(Map<String, Set<String>> ways, String a, String b) {
    ways.computeIfAbsent(a, _ -> new HashSet<>()).add(b);
    ways.computeIfAbsent(b, _ -> new HashSet<>()).add(a);
  }

  private static void checkCounterparts(
      Document<Regions> document, Map<String, Region> byId, Findings findings) {
    var regions = document.message().getRegionsList();
    for (int i = 0; i < regions.size(); i++) {
      var region = regions.get(i);
      var other = byId.get(region.getCounterpart());
      if (other == null) {
        continue;
      }
      var path = "regions[%d].counterpart".formatted(i);
      if (!other.getCounterpart().equals(region.getId())) {
        findings.error(
            "P006",
            document,
            path,
            "\"%s\" is not the counterpart of \"%s\" in turn."
                .formatted(region.getId(), other.getId()),
            other.getCounterpart().isEmpty()
                ? "Give \"%s\" the counterpart \"%s\".".formatted(other.getId(), region.getId())
                : "The counterpart of \"%s\" is \"%s\"."
                    .formatted(other.getId(), other.getCounterpart()));
      } else if (other.getPlane().equals(region.getPlane())) {
        findings.error(
            "P006",
            document,
            path,
            "Both regions lie in the plane \"%s\".".formatted(region.getPlane()),
            "A counterpart is the same ground in another plane.");
      }
    }
  }

  private static String path(Document<Regions> document, String id) {
    var regions = document.message().getRegionsList();
    for (int i = 0; i < regions.size(); i++) {
      if (regions.get(i).getId().equals(id)) {
        return "regions[%d]".formatted(i);
      }
    }
    return "regions";
  }
}
