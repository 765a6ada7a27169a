package vesper.kb;

import java.util.Set;

/// What one NPC or player may know.
///
/// @param labels what it is
/// @param learned ids of sections that it has learned
record Knower(Set<String> labels, Set<String> learned) {
  Knower {
    labels = Set.copyOf(labels);
    learned = Set.copyOf(learned);
  }

  boolean mayKnow(Chapter chapter) {
    return chapter.standing().audience().holds(labels) || learned.contains(chapter.id());
  }
}
