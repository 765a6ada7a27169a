package vesper.runtime;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import vesper.transport.TransportStats;

/// Shows what the transport counts of a service, or of the calls of this process.
final class TransportMeters {
  private TransportMeters() {}

  /// Shows counts.
  ///
  /// @param service whose they are; `client` for the calls that this process makes
  static void register(String service, Supplier<TransportStats> stats, MeterRegistry meters) {
    count(service, "refused", stats, TransportStats::refused, meters);
    count(service, "gaps", stats, TransportStats::gaps, meters);
    count(service, "silent", stats, TransportStats::silent, meters);
    count(service, "frames.lost", stats, TransportStats::framesLost, meters);
    count(service, "malformed", stats, TransportStats::malformed, meters);
    count(service, "dropped", stats, TransportStats::dropped, meters);
  }

  private static void count(
      String service,
      String what,
      Supplier<TransportStats> stats,
      ToLongFunction<TransportStats> value,
      MeterRegistry meters) {
    FunctionCounter.builder(
            "vesper.transport." + what, stats, source -> value.applyAsLong(source.get()))
        .tag("service", service)
        .description("Counted by the transport since the process began")
        .register(meters);
  }
}
