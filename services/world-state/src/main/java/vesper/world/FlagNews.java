package vesper.world;

/// That a flag changed.
///
/// @param firstSeq number of its first change
/// @param now what it is afterwards
record FlagNews(long firstSeq, FlagState now) {

  /// Returns that it changed over this stretch of the log and the next.
  FlagNews then(FlagNews later) {
    return new FlagNews(firstSeq, later.now);
  }
}
