package vesper.routing;

/// How an endpoint is, the best first.
public enum HealthState {
  /// It answers.
  UP,
  /// It answers badly.
  DEGRADED,
  /// It is not called, but for a few calls that find out whether it is back.
  DOWN
}
