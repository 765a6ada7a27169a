package vesper.world;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A flag as it was set.
///
/// @param reading what it is; absent when it is as the pack says, or, not being the pack's, is not
/// @param version 0 for one that was never set
record FlagState(String id, @Nullable Reading reading, long version) {

  /// Returns a flag that was never set.
  static FlagState unset(String id) {
    return new FlagState(id, null, 0);
  }

  /// Returns the next version, with another reading.
  FlagState next(@Nullable Reading other) {
    return new FlagState(id, other, version + 1);
  }

  /// Whether it was set to this.
  boolean is(@Nullable Reading other) {
    return Objects.equals(reading, other);
  }
}
