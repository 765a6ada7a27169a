package vesper.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// What comes to mind: the memories of a stream that fit a query best.
public final class Recall {

  private static final int CANDIDATES_PER_RESULT = 10;
  private static final double MOST_IMPORTANT = 10;

  private Recall() {}

  /// A memory and why it came to mind; the parts of the score are scaled over the candidates.
  ///
  /// @param memory the memory
  /// @param score why
  public record Recalled(Memory memory, Score score) {}

  /// Returns at most `limit` memories, best first; of equals the newer one, then the smaller id.
  /// The order of `memories` does not matter, and nothing is marked as used.
  ///
  /// @param memories one stream; superseded ones are left out
  /// @param query what reminds of them
  /// @param now game seconds
  /// @param limit at least 0
  public static List<Recalled> recall(List<Memory> memories, String query, long now, int limit) {
    return recall(memories, query, Map.of(), now, limit);
  }

  /// Does the same by words and by meaning.
  ///
  /// @param likeness cosine of the query and each memory that has a vector, by its id; memories
  ///   without one are judged by their words alone, as all are when nothing has a vector
  public static List<Recalled> recall(
      List<Memory> memories, String query, Map<String, Double> likeness, long now, int limit) {
    var stream =
        memories.stream().filter(memory -> !memory.superseded()).sorted(Memory.NEWEST).toList();
    var relevance = Relevance.of(stream, query, likeness);
    var candidates = candidates(stream, relevance, CANDIDATES_PER_RESULT * limit);
    var scores =
        Score.scaled(
            candidates.stream()
                .map(index -> raw(stream.get(index), relevance[index], now))
                .toList());
    return IntStream.range(0, scores.size())
        .mapToObj(i -> new Recalled(stream.get(candidates.get(i)), scores.get(i)))
        .sorted(
            Comparator.comparingDouble((Recalled recalled) -> recalled.score().total())
                .reversed()
                .thenComparing(Recalled::memory, Memory.NEWEST))
        .limit(limit)
        .toList();
  }

  /// Returns positions in the stream: the most relevant, the newest, and what is pinned.
  private static List<Integer> candidates(List<Memory> newestFirst, double[] relevance, int each) {
    Set<Integer> chosen = new LinkedHashSet<>();
    IntStream.range(0, newestFirst.size())
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> relevance[i]).reversed())
        .limit(each)
        .forEach(chosen::add);
    IntStream.range(0, newestFirst.size())
        .filter(i -> i < each || newestFirst.get(i).pinned())
        .forEach(chosen::add);
    return List.copyOf(chosen);
  }

  private static Score raw(Memory memory, double relevance, long now) {
    return new Score(
        Score.recency(now - memory.lastUsedAt()), memory.importance() / MOST_IMPORTANT, relevance);
  }

  /// Returns the memories from the weakest on, weighed without any query.
  static List<Memory> weakestFirst(List<Memory> memories, long now) {
    var sorted = new ArrayList<>(memories);
    sorted.sort(Memory.NEWEST);
    var scores = Score.scaled(sorted.stream().map(memory -> raw(memory, 0, now)).toList());
    return IntStream.range(0, sorted.size())
        .boxed()
        .sorted(
            Comparator.comparingDouble((Integer i) -> scores.get(i).total())
                .thenComparing(Comparator.<Integer>reverseOrder()))
        .map(sorted::get)
        .toList();
  }
}
