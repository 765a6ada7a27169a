package vesper.world;

import java.util.List;

/// What became of a world over a stretch of its change log.
///
/// @param to number of the last change
/// @param tooMuch whether more changed than is told; then nothing is
record News(long to, boolean tooMuch, List<ThingNews> things, List<FlagNews> flags) {
  News {
    things = List.copyOf(things);
    flags = List.copyOf(flags);
  }

  /// That too much happened to be told.
  static News tooMuch(long to) {
    return new News(to, true, List.of(), List.of());
  }
}
