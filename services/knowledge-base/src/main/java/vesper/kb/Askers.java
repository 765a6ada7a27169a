package vesper.kb;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import vesper.kb.v1.Asker;
import vesper.retrieval.Audience;
import vesper.runtime.Database;
import vesper.runtime.Principal;
import vesper.runtime.Refusal;

/// Works out what somebody may know: from the pack what an NPC is, from the database what was
/// learned. Callers never say it themselves.
final class Askers {
  private static final Set<String> LABELS_OF_PLAYERS = Set.of(Audience.PUBLIC);

  private final Database database;
  private final Map<String, Inhabitants> inhabitants;

  /// @param inhabitants of each world
  Askers(Database database, Map<String, Inhabitants> inhabitants) {
    this.database = database;
    this.inhabitants = Map.copyOf(inhabitants);
  }

  /// Returns what is open to an asker; everything for one that names nobody.
  ///
  /// @throws io.grpc.StatusRuntimeException NOT_FOUND for an unknown NPC
  Asking asking(String world, Asker asker) {
    Map<Subject, Set<String>> labels = new LinkedHashMap<>();
    if (!asker.getNpcId().isEmpty()) {
      labels.put(
          new Subject(Subject.Kind.NPC, asker.getNpcId()),
          labels(world, "asker.npcId", asker.getNpcId()));
    }
    if (!asker.getPlayerId().isEmpty()) {
      labels.put(new Subject(Subject.Kind.PLAYER, asker.getPlayerId()), LABELS_OF_PLAYERS);
    }
    return asking(world, labels);
  }

  /// Returns what is open to a caller who reads: to players what they may know, to others
  /// everything.
  Asking reading(String world, Principal principal) {
    return principal.plays()
        ? asking(
            world, Map.of(new Subject(Subject.Kind.PLAYER, principal.subject()), LABELS_OF_PLAYERS))
        : Asking.EVERYTHING;
  }

  /// Returns who learns something.
  ///
  /// @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT unless exactly one is named, NOT_FOUND
  ///   for an unknown NPC
  Subject subject(String world, Asker asker) {
    if (asker.getNpcId().isEmpty() == asker.getPlayerId().isEmpty()) {
      throw Refusal.invalid("subject", "must name either an NPC or a player");
    }
    if (asker.getNpcId().isEmpty()) {
      return new Subject(Subject.Kind.PLAYER, asker.getPlayerId());
    }
    var _ = labels(world, "subject.npcId", asker.getNpcId());
    return new Subject(Subject.Kind.NPC, asker.getNpcId());
  }

  private Asking asking(String world, Map<Subject, Set<String>> labels) {
    if (labels.isEmpty()) {
      return Asking.EVERYTHING;
    }
    var subjects = List.copyOf(labels.keySet());
    var learned =
        database.read("grant.list", handle -> GrantTable.learned(handle, world, subjects));
    List<Knower> knowers = new ArrayList<>();
    labels.forEach(
        (subject, own) -> knowers.add(new Knower(own, learned.getOrDefault(subject, Set.of()))));
    return new Asking(knowers);
  }

  private Set<String> labels(String world, String field, String npc) {
    var known = Optional.ofNullable(inhabitants.get(world));
    return known
        .flatMap(people -> people.find(npc))
        .orElseThrow(
            () -> Refusal.unknown(field, "NPC", npc, known.map(Inhabitants::ids).orElse(Set.of())));
  }
}
