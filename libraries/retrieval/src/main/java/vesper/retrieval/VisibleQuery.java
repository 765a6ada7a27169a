package vesper.retrieval;

import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.ConstantScoreScorer;
import org.apache.lucene.search.ConstantScoreWeight;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.ScorerSupplier;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.BitSetIterator;
import org.apache.lucene.util.FixedBitSet;

/// Matches the passages of a set, in an index of one segment.
final class VisibleQuery extends Query {
  private final FixedBitSet visible;
  private final int count;

  VisibleQuery(FixedBitSet visible, int count) {
    this.visible = visible;
    this.count = count;
  }

  @Override
  public Weight createWeight(IndexSearcher searcher, ScoreMode mode, float boost) {
    return new ConstantScoreWeight(this, boost) {
      @Override
      public ScorerSupplier scorerSupplier(LeafReaderContext context) {
        var iterator = new BitSetIterator(visible, count);
        return new DefaultScorerSupplier(new ConstantScoreScorer(score(), mode, iterator));
      }

      @Override
      public boolean isCacheable(LeafReaderContext context) {
        return false;
      }
    };
  }

  @Override
  public void visit(QueryVisitor visitor) {
    visitor.visitLeaf(this);
  }

  @Override
  public String toString(String field) {
    return "visible(" + count + ")";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VisibleQuery query && query.visible.equals(visible);
  }

  @Override
  public int hashCode() {
    return visible.hashCode();
  }
}
