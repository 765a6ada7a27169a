package vesper.memory;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// Okapi BM25 over a small set of documents, kept in memory; k1 = .9, b = .4.
public final class Bm25 {
  // Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009),
  // section 3.1,
  // with an inverse document frequency that stays above zero:
  //   Σ over query terms of ln(1 + (N − n + .5) / (n + .5)) · tf / (tf + k1 · (1 − b + b · length /
  // mean))

  private static final double K1 = .9;
  private static final double B = .4;

  private final double[] lengthFactors;
  private final Map<String, Map<Integer, Integer>> postings = new HashMap<>();

  private Bm25(List<List<String>> documents) {
    double mean = documents.stream().mapToInt(List::size).average().orElse(0);
    lengthFactors =
        documents.stream()
            .mapToDouble(document -> K1 * (1 - B + B * document.size() / Math.max(mean, 1)))
            .toArray();
    for (int i = 0; i < documents.size(); i++) {
      for (var term : documents.get(i)) {
        postings.computeIfAbsent(term, unseen -> new HashMap<>()).merge(i, 1, Integer::sum);
      }
    }
  }

  /// Indexes documents given as their terms.
  public static Bm25 over(List<List<String>> documents) {
    return new Bm25(documents);
  }

  /// Returns how well each document fits the query, in the order of the documents: 0 for one that
  /// shares no term. A term that is repeated in the query counts once.
  public double[] scores(Collection<String> query) {
    double[] scores = new double[lengthFactors.length];
    for (var term : new HashSet<>(query)) {
      var documents = postings.getOrDefault(term, Map.of());
      double rarity = Math.log1p((scores.length - documents.size() + .5) / (documents.size() + .5));
      documents.forEach((document, count) ->
          scores[document] += rarity * count / (count + lengthFactors[document]));
    }
    return scores;
  }
}
