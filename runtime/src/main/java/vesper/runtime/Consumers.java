package vesper.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/// Puts the consumers of this process's services together.
final class Consumers {
  private final NatsLink nats;
  private final EventStreams streams;
  private final DatabasePool pool;
  private final HostedService.Context.Surroundings around;
  private final BooleanSupplier ready;
  private final DeadLetters letters;

  /// @param ready whether this process takes work
  Consumers(
      NatsLink nats,
      EventStreams streams,
      DatabasePool pool,
      HostedService.Context.Surroundings around,
      BooleanSupplier ready) {
    this.nats = nats;
    this.streams = streams;
    this.pool = pool;
    this.around = around;
    this.ready = ready;
    this.letters = new DeadLetters(nats::publish);
  }

  /// Starts the loops of all consumers, if there are any.
  void start(List<HostedService> services, Workers workers) {
    Semaphore permits = new Semaphore(around.runtime().events().consumer().atOnce(), true);
    List<Consumption<?>> all = new ArrayList<>();
    for (HostedService service : services) {
      for (EventConsumer<?> consumer : service.consumers()) {
        Consumption<?> consumption = consumption(service, consumer);
        all.add(consumption);
        SchemaLeases leases = pool.leases(service.domain(), around.runtime().lease());
        workers.start(
            service.id(),
            leases.worker(
                consumption.durable(),
                ready,
                new ConsumerLoop<>(consumption, nats, streams, permits)));
      }
    }
    if (!all.isEmpty()) {
      workers.start(RuntimeSettings.DOMAIN, new Advisories(nats, streams, letters));
      workers.start(
          RuntimeSettings.DOMAIN, new ConsumerGauges(nats, List.copyOf(all), around.meters()));
    }
  }

  private <E extends com.google.protobuf.Message> Consumption<E> consumption(
      HostedService service, EventConsumer<E> consumer) {
    Inbox inbox = new Inbox(service.domain(), consumer.durable(service.id()));
    return new Consumption<>(
        service.id(),
        consumer,
        pool.database(service.domain()),
        inbox,
        letters,
        new Consumption.Means(
            around.runtime().events().consumer(), around.meters(), around.tracing()));
  }
}
