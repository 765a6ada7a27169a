package vesper.worldpack;

/// One kind of question about a pack whose files have all been read.
interface PackCheck {
  /// Reports what is wrong. The draft may have faults of any other kind.
  void check(Draft draft, Findings findings);
}
