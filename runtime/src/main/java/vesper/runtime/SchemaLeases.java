package vesper.runtime;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.BooleanSupplier;

/// The leases of one schema.
record SchemaLeases(String domain, Database database, LeaseSettings settings, MeterRegistry meters)
    implements Leases {
  @Override
  public Worker worker(String name, Work work) {
    return worker(name, () -> true, work);
  }

  /// @param able whether this process could work now; one that cannot leaves the lease to others
  Worker worker(String name, BooleanSupplier able, Work work) {
    LeaseClaim claim = new LeaseClaim(domain, name, settings, meters);
    return new LeasedWorker(claim, settings, database, able, work);
  }
}
