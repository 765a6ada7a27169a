package vesper.retrieval;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Who may know something: anyone who has all labels of one of the clauses. Without a clause,
/// nobody.
///
/// @param clauses sets of labels, none a part of another
public record Audience(List<Set<String>> clauses) {
  /// The label that everybody has.
  public static final String PUBLIC = "PUBLIC";

  /// Everybody.
  public static final Audience EVERYBODY = new Audience(List.of(Set.of(PUBLIC)));

  /// Leaves out clauses that another makes needless.
  public Audience {
    List<Set<String>> least = new ArrayList<>();
    for (var clause : clauses) {
      if (least.stream().noneMatch(clause::containsAll)) {
        least.removeIf(other -> other.containsAll(clause));
        least.add(Set.copyOf(clause));
      }
    }
    clauses = List.copyOf(least);
  }

  /// Returns whether somebody with these labels belongs to it.
  public boolean holds(Set<String> labels) {
    return clauses.stream().anyMatch(labels::containsAll);
  }

  /// Returns those who belong to both.
  public Audience and(Audience other) {
    List<Set<String>> both = new ArrayList<>();
    for (var clause : clauses) {
      for (var more : other.clauses) {
        both.add(union(clause, more));
      }
    }
    return new Audience(both);
  }

  private static Set<String> union(Set<String> clause, Set<String> more) {
    var both = Stream.concat(clause.stream(), more.stream()).collect(toUnmodifiableSet());
    // Everybody is public: beside another label it asks for nothing.
    return both.size() == 1
        ? both
        : both.stream().filter(label -> !label.equals(PUBLIC)).collect(toUnmodifiableSet());
  }
}
