package vesper.kb;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import vesper.pack.v1.Npc;
import vesper.retrieval.Audience;
import vesper.worldpack.WorldPack;

/// The NPCs of a world and what they are, in labels.
final class Inhabitants {
  private final Map<String, Set<String>> labels;

  private Inhabitants(Map<String, Set<String>> labels) {
    this.labels = labels;
  }

  static Inhabitants of(WorldPack pack) {
    return new Inhabitants(
        pack.npcs().values().stream().collect(toUnmodifiableMap(Npc::getId, Inhabitants::labels)));
  }

  private static Set<String> labels(Npc npc) {
    Set<String> labels = new HashSet<>(Set.of(Audience.PUBLIC, "NPC:" + npc.getId()));
    labels.add("ROLE:" + npc.getRole());
    labels.add("REGION:" + npc.getHome().getRegion());
    if (!npc.getFaction().isEmpty()) {
      labels.add("FACTION:" + npc.getFaction());
    }
    return Set.copyOf(labels);
  }

  /// Returns what an NPC is, if it lives here.
  Optional<Set<String>> find(String npc) {
    return Optional.ofNullable(labels.get(npc));
  }

  Collection<String> ids() {
    return labels.keySet();
  }
}
