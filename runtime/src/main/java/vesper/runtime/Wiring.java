package vesper.runtime;

import io.grpc.BindableService;
import java.util.List;

/// What a service consists of once it is put together.
///
/// @param rpcs the implementations of its contracts
/// @param workers its loops
public record Wiring(List<BindableService> rpcs, List<Worker> workers) {
  /// Copies the lists.
  public Wiring {
    rpcs = List.copyOf(rpcs);
    workers = List.copyOf(workers);
  }

  /// A service without loops.
  public static Wiring of(BindableService... rpcs) {
    return new Wiring(List.of(rpcs), List.of());
  }
}
