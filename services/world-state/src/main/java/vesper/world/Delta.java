package vesper.world;

import java.util.SortedSet;

/// How an entity changed for somebody who watches.
sealed interface Delta {
  /// It is seen from now on, and replaces what was seen of it before.
  record Enter(Thing thing) implements Delta {}

  /// It changed.
  ///
  /// @param thing with those components alone that changed
  /// @param gone names of components that it has no more
  record Update(Thing thing, SortedSet<String> gone) implements Delta {}

  /// It is seen no more.
  record Leave(String id, long version) implements Delta {}

  /// It is no more.
  record Remove(String id, long version) implements Delta {}
}
