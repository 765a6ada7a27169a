package vesper.runtime;

import java.util.List;

/// A service as a process lists it: its names, its settings, and how it is put together.
public interface ServiceModule {
  /// The id, as in `time-manager`: name of the NATS service, of logs and of status lines.
  String id();

  /// The domain, as in `time`: database schema, prefix `vesper.time` of the settings, domain of its
  /// events, and package `vesper.time.v1` of its contracts.
  String domain();

  /// The records that [ServiceContext#config] may be asked for. All of them are checked before
  /// anything starts, so that one run shows every mistake.
  default List<Class<? extends Record>> settings() {
    return List.of();
  }

  /// Puts the service together. The database may be away at that moment; the schema is migrated
  /// before the first rpc and before the first worker runs, so a constructor does not query.
  Wiring wire(ServiceContext context);
}
