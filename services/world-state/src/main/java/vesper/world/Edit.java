package vesper.world;

import org.jspecify.annotations.Nullable;

/// A change that is asked for.
sealed interface Edit {
  /// Makes an entity.
  record Create(Thing thing) implements Edit {}

  /// Changes one.
  ///
  /// @param etag of the version that was read; empty for any
  record Change(String id, Patch patch, String etag) implements Edit {}

  /// Removes one.
  record Remove(String id, String etag) implements Edit {}

  /// Sets a flag.
  ///
  /// @param reading absent for what the pack says
  record SetFlag(String id, @Nullable Reading reading, String etag) implements Edit {}

  /// Returns the id of the entity or flag.
  default String subject() {
    return switch (this) {
      case Create(var thing) -> thing.id();
      case Change(var id, _, _) -> id;
      case Remove(var id, _) -> id;
      case SetFlag(var id, _, _) -> id;
    };
  }
}
