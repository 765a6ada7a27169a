package vesper.runtime;

import io.grpc.Channel;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;

/// What a service gets from the process that hosts it.
public interface ServiceContext {
  /// Returns the settings of one record that [ServiceModule#settings] lists, from the keys
  /// `vesper.<domain>.…`.
  <C extends Record> C config(Class<C> type);

  /// The process's database, with the service's domain as schema. The scripts
  /// `db/<domain>/V001__….sql` of the classpath are applied before the first rpc.
  Database database();

  /// Takes events that commit with the state.
  Outbox outbox();

  /// Lets one process alone do a thing.
  Leases leases();

  /// Keeps answers of calls with an idempotency key. A service with an rpc that takes one and that
  /// never asks for this does not start.
  Answers answers();

  /// Sends events that nobody keeps.
  LiveEvents live();

  /// Calls other services, in this process or another. Calls made while an rpc runs carry its
  /// authority, request id, trace and what is left of its deadline; all calls carry the token of
  /// this service.
  Channel channel();

  /// The clock.
  InstantSource clock();

  /// Makes ids.
  Ids ids();

  /// Takes the service's own metrics, named `vesper.…`.
  MeterRegistry meters();

  /// Makes spans under those of running calls.
  Tracing tracing();
}
