package vesper.auth;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Stops the guessing of passwords: so many failures within a window lock the name they were tried
/// on, known or not, from the last of them on.
///
/// @param failures how many lock
/// @param window within which they count together
/// @param lock how long it is locked
record LoginGuard(int failures, Duration window, Duration lock) {
  /// Whether the name is locked.
  ///
  /// @param newest its last failures, newest first; [#failures] of them suffice
  boolean locks(List<Instant> newest, Instant now) {
    if (newest.size() < failures) {
      return false;
    }
    Instant last = newest.getFirst();
    Instant first = newest.get(failures - 1);
    return Duration.between(first, last).compareTo(window) < 0 && now.isBefore(last.plus(lock));
  }

  /// How long a failure has a meaning.
  Duration memory() {
    return window.plus(lock);
  }
}
