package vesper.retrieval;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.ByteBuffersDirectory;

/// An index of passages in memory, in one segment whose documents have the numbers of the passages:
/// BM25 with k1 = .9 and b = .4 over English stems, and for many vectors a graph of neighbours
/// (HNSW; Malkov and Yashunin, 2016).
final class LuceneIndex {
  private static final String WORDS = "words";
  private static final String VECTOR = "vector";
  private static final float K1 = .9f;
  private static final float B = .4f;

  private final IndexSearcher searcher;

  private LuceneIndex(IndexSearcher searcher) {
    this.searcher = searcher;
  }

  /// Indexes passages, with their vectors if a graph is wanted.
  static LuceneIndex of(List<Passage> passages, boolean withGraph) {
    var similarity = new BM25Similarity(K1, B);
    try (var analyzer = new EnglishAnalyzer()) {
      // A directory in memory needs no closing: what no search uses any more is collected.
      var directory = new ByteBuffersDirectory();
      // Logarithmic merges keep documents in the order in which they were added.
      var config =
          new IndexWriterConfig(analyzer)
              .setSimilarity(similarity)
              .setMergePolicy(new LogDocMergePolicy())
              .setMergeScheduler(new SerialMergeScheduler())
              .setUseCompoundFile(false);
      try (var writer = new IndexWriter(directory, config)) {
        for (var passage : passages) {
          writer.addDocument(document(passage, withGraph));
        }
        writer.forceMerge(1);
      }
      var searcher = new IndexSearcher(DirectoryReader.open(directory));
      searcher.setSimilarity(similarity);
      searcher.setQueryCache(null);
      return new LuceneIndex(searcher);
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory failed", e);
    }
  }

  private static Document document(Passage passage, boolean withGraph) {
    var type = new FieldType();
    type.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
    type.setTokenized(true);
    type.freeze();
    var document = new Document();
    document.add(new Field(WORDS, passage.chunk().inContext(), type));
    if (withGraph) {
      passage
          .vector()
          .map(UnitVector::toArray)
          .ifPresent(vector ->
              document.add(
                  new KnnFloatVectorField(VECTOR, vector, VectorSimilarityFunction.DOT_PRODUCT)));
    }
    return document;
  }

  /// Returns the numbers of those passages that share words with a text, best first.
  List<Integer> byWords(String text, VisibleQuery visible, int most) {
    var query = new BooleanQuery.Builder().add(visible, BooleanClause.Occur.FILTER);
    var terms = terms(text);
    terms.forEach(
        term -> query.add(new TermQuery(new Term(WORDS, term)), BooleanClause.Occur.SHOULD));
    query.setMinimumNumberShouldMatch(1);
    return terms.isEmpty() ? List.of() : search(query.build(), most);
  }

  /// Returns the numbers of the nearest passages in the graph, best first.
  List<Integer> nearest(UnitVector vector, VisibleQuery visible, int most) {
    return search(new KnnFloatVectorQuery(VECTOR, vector.toArray(), most, visible), most);
  }

  private List<Integer> search(Query query, int most) {
    try {
      return Stream.of(searcher.search(query, most).scoreDocs).map(found -> found.doc).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Reading from memory failed", e);
    }
  }

  private static Set<String> terms(String text) {
    // An analyzer keeps its buffers per thread, which would pile up on short-lived threads.
    try (var analyzer = new EnglishAnalyzer();
        var tokens = analyzer.tokenStream(WORDS, text)) {
      Set<String> terms = new LinkedHashSet<>();
      var term = tokens.addAttribute(CharTermAttribute.class);
      tokens.reset();
      while (tokens.incrementToken()) {
        terms.add(term.toString());
      }
      tokens.end();
      return terms;
    } catch (IOException e) {
      throw new UncheckedIOException("Reading a string failed", e);
    }
  }
}
