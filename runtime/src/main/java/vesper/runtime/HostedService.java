package vesper.runtime;

import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.ServerServiceDefinition;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import vesper.transport.NatsServer;

/// One service of this process: its module put together, and its server once NATS was reached.
final class HostedService {
  private final ServiceModule module;
  private final Wiring wiring;
  private final List<ServerServiceDefinition> definitions;
  private volatile @Nullable NatsServer server;

  HostedService(ServiceModule module, Context context, ServerChain chain) {
    this.module = module;
    this.wiring = module.wire(context);
    requireAnswers(context);
    this.definitions =
        wiring.rpcs().stream()
            .map(BindableService::bindService)
            .map(definition -> chain.guard(module.id(), definition))
            .toList();
  }

  /// An rpc that takes an idempotency key must have its answers kept.
  private void requireAnswers(Context context) {
    wiring.rpcs().stream()
        .flatMap(rpcs -> rpcs.bindService().getMethods().stream())
        .map(method -> MethodPolicy.of(method.getMethodDescriptor()))
        .filter(policy -> policy.keyed() && !context.keepsAnswers().get())
        .findFirst()
        .ifPresent(policy -> {
          throw new IllegalStateException(
              "%s takes an idempotency key, but %s never asks for answers()"
                  .formatted(policy.name(), module.id()));
        });
  }

  String id() {
    return module.id();
  }

  String domain() {
    return module.domain();
  }

  List<EventConsumer<?>> consumers() {
    return wiring.consumers();
  }

  List<Worker> workers() {
    return wiring.workers();
  }

  List<ServerServiceDefinition> definitions() {
    return definitions;
  }

  /// Begins to take calls.
  void open(NatsServer.Builder builder, String version, RpcSettings bounds, MeterRegistry meters) {
    builder.name(module.id()).version(version).maxInFlight(Math.max(1, mostCalls(bounds)));
    definitions.forEach(builder::addService);
    NatsServer started = builder.build().start();
    server = started;
    TransportMeters.register(module.id(), started::stats, meters);
  }

  /// The sum of what its methods may run at once: the bound of a method is reached before that of
  /// the service.
  private int mostCalls(RpcSettings bounds) {
    return definitions.stream()
        .flatMap(definition -> definition.getMethods().stream())
        .mapToInt(method -> bounds.bound(MethodPolicy.of(method.getMethodDescriptor())))
        .reduce(0, (one, other) -> Math.clamp((long) one + other, 0, Integer.MAX_VALUE));
  }

  void leave() {
    Optional.ofNullable(server).ifPresent(NatsServer::leave);
  }

  void rejoin() {
    Optional.ofNullable(server).ifPresent(NatsServer::rejoin);
  }

  void drain(Duration limit) {
    Optional.ofNullable(server).ifPresent(running -> running.drain(limit));
  }

  /// What the process gives to a service.
  ///
  /// @param keepsAnswers whether the service has asked for [#answers]
  record Context(
      Settings settings,
      DatabasePool pool,
      LiveEvents live,
      Channel channel,
      Surroundings surroundings,
      AtomicBoolean keepsAnswers)
      implements ServiceContext {
    /// Where a service reads its settings.
    record Settings(Config config, ServiceModule module) {}

    /// What is the same for all services.
    record Surroundings(
        InstantSource clock,
        Ids ids,
        MeterRegistry meters,
        Tracing tracing,
        RuntimeSettings runtime) {}

    @Override
    public <C extends Record> C config(Class<C> type) {
      ServiceModule module = settings.module();
      if (!module.settings().contains(type)) {
        throw new IllegalStateException(
            "%s does not list %s in its settings()".formatted(module.id(), type.getName()));
      }
      return settings.config().read(module.domain(), type);
    }

    @Override
    public Database database() {
      return pool.database(settings.module().domain());
    }

    @Override
    public Outbox outbox() {
      return pool.outbox(settings.module().domain(), ids(), clock());
    }

    @Override
    public SchemaLeases leases() {
      return pool.leases(settings.module().domain(), surroundings.runtime().lease());
    }

    @Override
    public Answers answers() {
      keepsAnswers.set(true);
      return pool.answers(settings.module().domain());
    }

    @Override
    public InstantSource clock() {
      return surroundings.clock();
    }

    @Override
    public Ids ids() {
      return surroundings.ids();
    }

    @Override
    public MeterRegistry meters() {
      return surroundings.meters();
    }

    @Override
    public Tracing tracing() {
      return surroundings.tracing();
    }
  }
}
