package vesper.world;

import java.util.Set;
import java.util.TreeSet;

/// What became of one entity over a stretch of the change log.
///
/// @param firstSeq number of its first change
/// @param existed whether it was there before
/// @param regionBefore where it was before
/// @param regions where it was before, in between and afterwards
/// @param fields which fields changed; of no meaning when it was made anew
/// @param remade whether it was made anew in between, so that nothing of before holds
/// @param now how it is afterwards
record ThingNews(
    long firstSeq,
    boolean existed,
    String regionBefore,
    Set<String> regions,
    Set<String> fields,
    boolean remade,
    Thing now) {
  /// Above so many it is told as if it were made anew.
  private static final int MOST_FIELDS = 64;

  ThingNews {
    regions = Set.copyOf(regions);
    fields = Set.copyOf(fields);
  }

  /// Returns what became of it over this stretch and the next.
  ThingNews then(ThingNews later) {
    Set<String> everywhere = new TreeSet<>(regions);
    everywhere.addAll(later.regions);
    Set<String> all = new TreeSet<>(fields);
    all.addAll(later.fields);
    boolean anew = remade || later.remade || all.size() > MOST_FIELDS;
    return new ThingNews(
        firstSeq, existed, regionBefore, everywhere, anew ? Set.of() : all, anew, later.now);
  }
}
