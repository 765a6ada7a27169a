package vesper.bench.fault;

import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What a scenario showed.
///
/// @param ready how long after the part was back every process was ready
/// @param changes the most changes of readiness of one process, restarts among them
/// @param restarted processes that ended by themselves
/// @param spread calls that each process with npc-behavior answered in the 6 s before the fault
record Verdict(
    Scenario scenario,
    Journal journal,
    Duration ready,
    int changes,
    int restarted,
    Map<String, Long> spread,
    Invariants.Findings findings) {
  private static final Duration HEALED_WITHIN = Duration.ofSeconds(10);

  /// What is not as it must be; empty when all is well.
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    Map<Status.Code, Integer> failed = journal.failed(true);
    int failures = failed.values().stream().mapToInt(Integer::intValue).sum();
    if (failures > scenario.marks().failures()) {
      problems.add("%d calls that may be repeated failed: %s".formatted(failures, failed));
    }
    int unkeyed = journal.failed(Journal.Kind.PLAIN);
    if (unkeyed > scenario.marks().unkeyed()) {
      problems.add("%d calls failed that went to other processes".formatted(unkeyed));
    }
    int plainTalks = journal.failed(Journal.Kind.PLAIN_TALK);
    if (plainTalks > scenario.marks().plainTalks()) {
      problems.add("%d unkeyed talks failed, more than were under way".formatted(plainTalks));
    }
    if (changes > scenario.marks().changes()) {
      problems.add("readiness of a process changed %d times".formatted(changes));
    }
    if (scenario.marks().heals() && ready.compareTo(HEALED_WITHIN) > 0) {
      problems.add("ready only after %.1f s".formatted(ready.toMillis() / 1_000.0));
    }
    if (spread.containsValue(0L)) {
      problems.add("a process of npc-behavior was given no call: " + spread);
    }
    if (restarted > 0) {
      problems.add("%d processes ended by themselves".formatted(restarted));
    }
    if (journal.acknowledged() == 0) {
      problems.add("nothing was acknowledged: the load did not run");
    }
    findings.lost().stream().limit(5).forEach(each -> problems.add("lost: " + each));
    findings.doubled().stream().limit(5).forEach(each -> problems.add("doubled: " + each));
    return problems;
  }
}
