package vesper.routing;

/// How long the asker can wait.
public enum Sla {
  /// Within a few frames.
  REAL_TIME,
  /// While a person waits.
  INTERACTIVE,
  /// In the background.
  ASYNC
}
