package vesper.npc;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What one has said to a player already, so that nothing is said twice.
///
/// @param lines ids of what was said in this talk
/// @param texts whole answers of this talk
/// @param recent ids of what was said in the last answers to this player, in this talk or before
record Said(Set<String> lines, Set<String> texts, Set<String> recent) {

  static final Said NOTHING = new Said(Set.of(), Set.of(), Set.of());

  /// Copies the sets.
  Said {
    lines = Set.copyOf(lines);
    texts = Set.copyOf(texts);
    recent = Set.copyOf(recent);
  }

  /// Whether a line was said in this talk or just before it.
  boolean has(String line) {
    return lines.contains(line) || recent.contains(line);
  }

  /// Whether something was told in this talk; knowledge may be told again in the next one.
  boolean hasInThisTalk(String line) {
    return lines.contains(line);
  }

  /// Returns this with lines that are being said now.
  Said with(List<String> more) {
    var all = new HashSet<>(lines);
    all.addAll(more);
    return new Said(all, texts, recent);
  }
}
