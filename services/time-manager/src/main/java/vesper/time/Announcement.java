package vesper.time;

import java.util.Set;

/// What is told about boundaries that were reached: each of them, or that many were passed over.
sealed interface Announcement permits Boundary, Announcement.Gap {
  /// Boundaries of some kinds that are not told one by one, because the clock was far ahead of what
  /// had been announced.
  ///
  /// @param after the moment after which they lie
  /// @param upTo the moment up to which, inclusively, they lie
  record Gap(long after, long upTo, Set<Boundary.Kind> kinds, long count) implements Announcement {
    public Gap {
      kinds = Set.copyOf(kinds);
    }
  }
}
