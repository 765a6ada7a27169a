package vesper.runtime;

import io.grpc.BindableService;
import java.util.List;

/// What a service consists of once it is put together.
///
/// @param rpcs the implementations of its contracts
/// @param workers its loops
/// @param consumers what it does with events, at most one for each type
public record Wiring(
    List<BindableService> rpcs, List<Worker> workers, List<EventConsumer<?>> consumers) {
  /// Copies the lists.
  public Wiring {
    rpcs = List.copyOf(rpcs);
    workers = List.copyOf(workers);
    consumers = List.copyOf(consumers);
    long types = consumers.stream().map(EventConsumer::eventType).distinct().count();
    if (types < consumers.size()) {
      throw new IllegalArgumentException("two consumers of the same event");
    }
  }

  /// A service that consumes no events.
  public Wiring(List<BindableService> rpcs, List<Worker> workers) {
    this(rpcs, workers, List.of());
  }

  /// A service without loops.
  public static Wiring of(BindableService... rpcs) {
    return new Wiring(List.of(rpcs), List.of());
  }
}
