package vesper.transport;

/// Where a [RoutingChannel] sends calls.
public enum Routing {
  /// In-process while this JVM holds the only live instance of the callee, else over NATS.
  AUTO,
  /// In-process only; a callee that is not in this JVM is UNAVAILABLE.
  LOCAL,
  /// Over NATS only, also to a callee in this JVM.
  NATS
}
