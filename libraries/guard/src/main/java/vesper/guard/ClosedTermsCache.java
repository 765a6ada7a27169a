package vesper.guard;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Compiled terms of the calls before, the least used leaving first. For many threads at a time.
public final class ClosedTermsCache {
  private final int capacity;
  private final SequencedMap<List<String>, ClosedTerms> compiled = new LinkedHashMap<>();

  /// Makes a cache of at most so many lists of terms.
  public ClosedTermsCache(int capacity) {
    this.capacity = capacity;
  }

  /// Returns the compiled terms of a list, compiling them when they are not at hand.
  public ClosedTerms of(List<String> terms) {
    synchronized (compiled) {
      var known = compiled.get(terms);
      if (known != null) {
        compiled.putLast(terms, known);
        return known;
      }
    }
    var made = ClosedTerms.of(terms);
    synchronized (compiled) {
      compiled.putLast(List.copyOf(terms), made);
      if (compiled.size() > capacity) {
        compiled.pollFirstEntry();
      }
    }
    return made;
  }
}
