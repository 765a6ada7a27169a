package vesper.memory;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// How well memories fit a query: by shared words, and by meaning where there are vectors.
///
/// With vectors a memory has half a point for the words, as a part of the best memory's BM25, and
/// half a point for the meaning, its cosine scaled to 0..1 between the least and the most alike.
final class Relevance {
  private static final double HALF = .5;

  private Relevance() {}

  /// Returns the relevance of each memory, in their order.
  ///
  /// @param likeness cosines by memory id
  static double[] of(List<Memory> memories, String query, Map<String, Double> likeness) {
    var words =
        Bm25.over(Terms.CONTENT.of(memories.stream().map(Memory::text).toList()))
            .scores(Terms.CONTENT.of(query));
    var cosines =
        memories.stream()
            .filter(memory -> likeness.containsKey(memory.id()))
            .mapToDouble(memory -> likeness.getOrDefault(memory.id(), 0.))
            .summaryStatistics();
    if (cosines.getCount() == 0) {
      return words;
    }
    double best = Arrays.stream(words).max().orElse(0);
    double range = cosines.getMax() - cosines.getMin();
    return IntStream.range(0, words.length)
        .mapToDouble(i -> {
          double byWords = best > 0 ? words[i] / best : 0;
          var cosine = likeness.get(memories.get(i).id());
          double byMeaning = cosine == null ? 0 : scaled(cosine - cosines.getMin(), range);
          return HALF * byWords + HALF * byMeaning;
        })
        .toArray();
  }

  /// Cosines that are all equal tell nothing apart, and still say that there is a vector.
  private static double scaled(double above, double range) {
    return range > 0 ? above / range : 1;
  }
}
