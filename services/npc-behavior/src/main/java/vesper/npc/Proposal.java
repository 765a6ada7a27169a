package vesper.npc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Something that a model wants a person to do, unchecked.
///
/// @param kind as in `change_relation`
/// @param arguments numbers by name; empty where what was given is no number
record Proposal(String kind, Map<String, Optional<Double>> arguments) {

  /// What people can do in a talk.
  static final List<String> ALLOWED = List.of(Deed.CHANGE_RELATION);

  private static final String TRUST = "trust";
  private static final String AFFECTION = "affection";
  private static final String RESPECT = "respect";
  private static final String FEAR = "fear";
  private static final Set<String> FEELINGS = Set.of(TRUST, AFFECTION, RESPECT, FEAR);

  /// Copies the arguments.
  Proposal {
    arguments = Map.copyOf(arguments);
  }

  /// What of some proposals can be done.
  ///
  /// @param change of the feelings, before the limits of a turn and a talk
  /// @param valid whether any proposal changes them
  /// @param refused the others, each with its reason
  record Judged(Relation change, boolean valid, List<Deed> refused) {}

  /// Checks proposals against what people can do. Several changes of the feelings are one.
  static Judged judge(List<Proposal> proposals) {
    List<Deed> refused = new ArrayList<>();
    var change = Relation.NONE;
    boolean valid = false;
    for (var proposal : proposals) {
      var fault = proposal.fault();
      if (fault.isPresent()) {
        refused.add(Deed.refused(proposal.kind(), fault.get()));
      } else {
        valid = true;
        change = change.and(proposal.change());
      }
    }
    return new Judged(change, valid, List.copyOf(refused));
  }

  private Optional<String> fault() {
    if (!ALLOWED.contains(kind)) {
      return Optional.of("people cannot do this");
    }
    if (arguments.isEmpty()) {
      return Optional.of("it names no feeling");
    }
    return arguments.entrySet().stream()
        .filter(each -> !FEELINGS.contains(each.getKey()) || !isFinite(each.getValue()))
        .map(each ->
            FEELINGS.contains(each.getKey())
                ? each.getKey() + " is no number"
                : "there is no such feeling")
        .sorted()
        .findFirst();
  }

  private static boolean isFinite(Optional<Double> value) {
    return value.filter(Double::isFinite).isPresent();
  }

  private Relation change() {
    return new Relation(number(TRUST), number(AFFECTION), number(RESPECT), number(FEAR));
  }

  private double number(String feeling) {
    double most = Relation.MOST_IN_A_TURN;
    return Math.clamp(arguments.getOrDefault(feeling, Optional.empty()).orElse(0.), -most, most);
  }
}
