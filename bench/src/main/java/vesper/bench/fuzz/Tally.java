package vesper.bench.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What came of the requests, by kind and answer. For many threads.
final class Tally {
  private static final int SHOWN = 20;

  private final Map<String, Map<String, Integer>> counts = new TreeMap<>();
  private final Map<String, Integer> wrong = new TreeMap<>();
  private final List<String> findings = new ArrayList<>();
  private int total;

  synchronized void add(String kind, long request, Attack.Outcome outcome) {
    total++;
    counts.computeIfAbsent(kind, _ -> new TreeMap<>()).merge(outcome.answer(), 1, Integer::sum);
    outcome
        .wrong()
        .ifPresent(what -> {
          wrong.merge(kind, 1, Integer::sum);
          if (findings.size() < SHOWN) {
            findings.add("#%d %s: %s".formatted(request, kind, what));
          }
        });
  }

  synchronized int total() {
    return total;
  }

  synchronized int wrong() {
    return wrong.values().stream().mapToInt(Integer::intValue).sum();
  }

  synchronized List<String> findings() {
    return List.copyOf(findings);
  }

  /// Returns the lines of a table: kind, requests, wrong ones, answers.
  synchronized List<String> lines() {
    List<String> lines = new ArrayList<>();
    counts.forEach((kind, answers) ->
        lines.add(
            "%-18s %8d %6d  %s"
                .formatted(
                    kind,
                    answers.values().stream().mapToInt(Integer::intValue).sum(),
                    wrong.getOrDefault(kind, 0),
                    answers)));
    return lines;
  }
}
