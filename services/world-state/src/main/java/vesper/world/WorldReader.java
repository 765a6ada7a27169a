package vesper.world;

import java.util.List;

/// What a watch reads of one world.
interface WorldReader {
  /// Some entities by id, as they were at one moment.
  ///
  /// @param more whether there are others after them
  /// @param head number of a change, at or after that moment
  record Page(List<Thing> things, boolean more, long head) {}

  /// Flags that were ever set, as they were at one moment.
  ///
  /// @param head as of a [Page]
  record Flags(List<FlagState> flags, long head) {}

  /// Returns the number of the last change.
  long head();

  /// Tells what happened after a change.
  News since(long after);

  /// Returns some of the entities in what is seen of the world.
  ///
  /// @param after id before the first
  Page page(View view, String after);

  /// Returns all flags that were set.
  Flags flags();
}
