package vesper.memory;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The merging of what matters least into one memory that cites it, so that a stream keeps its
/// bound.
///
/// @param merged what goes, weakest first
/// @param text what stays of it
/// @param importance of what stays: the highest of what goes
/// @param createdAt of what stays: the newest of what goes
/// @param lastUsedAt of what stays: the latest of what goes
public record Compaction(
    List<Memory> merged, String text, int importance, long createdAt, long lastUsedAt) {

  private static final int SLIGHT = 3;
  private static final long OLD_SECONDS = 30L * 24 * 3600;
  private static final int QUOTED = 5;
  private static final int QUOTE_LENGTH = 80;

  /// Returns what to merge so that the stream has at most `limit` memories, the summary included;
  /// empty when it has no more than that.
  ///
  /// Superseded memories go first, then those of importance 3 or less that are older than 30 game
  /// days, each from the weakest on; when these are too few, the weakest others. Pinned ones stay.
  /// A tenth of the limit goes at once where that many may, so that a full stream is not merged at
  /// each new memory.
  public static Optional<Compaction> plan(List<Memory> stream, long now, int limit) {
    int excess = stream.size() - limit + 1;
    if (excess <= 1) {
      return Optional.empty();
    }
    var loose = stream.stream().filter(memory -> !memory.pinned()).toList();
    var weakest = new ArrayList<>(Recall.weakestFirst(loose, now));
    weakest.sort(Comparator.comparingInt(memory -> reluctance(memory, now)));
    long expendable = weakest.stream().filter(memory -> reluctance(memory, now) < 2).count();
    long count = Math.max(excess, Math.min(expendable, limit / 10));
    var merged = weakest.stream().limit(count).toList();
    return merged.isEmpty() ? Optional.empty() : Optional.of(of(merged));
  }

  private static int reluctance(Memory memory, long now) {
    if (memory.superseded()) {
      return 0;
    }
    return memory.importance() <= SLIGHT && now - memory.createdAt() > OLD_SECONDS ? 1 : 2;
  }

  private static Compaction of(List<Memory> merged) {
    var heaviest =
        merged.stream()
            .sorted(
                Comparator.comparingInt(Memory::importance).reversed().thenComparing(Memory.NEWEST))
            .limit(QUOTED)
            .map(memory -> shortened(memory.text()))
            .collect(joining(" / "));
    return new Compaction(
        merged,
        "%d older memories, among them: %s".formatted(merged.size(), heaviest),
        merged.stream().mapToInt(Memory::importance).max().orElseThrow(),
        merged.stream().mapToLong(Memory::createdAt).max().orElseThrow(),
        merged.stream().mapToLong(Memory::lastUsedAt).max().orElseThrow());
  }

  private static String shortened(String text) {
    return text.codePointCount(0, text.length()) <= QUOTE_LENGTH
        ? text
        : text.substring(0, text.offsetByCodePoints(0, QUOTE_LENGTH - 1)) + "…";
  }
}
