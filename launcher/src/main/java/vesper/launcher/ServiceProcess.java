package vesper.launcher;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import vesper.gateway.Gateway;
import vesper.gateway.GatewayConfig;
import vesper.infrastructure.Ports;
import vesper.runtime.Config;
import vesper.runtime.Host;
import vesper.runtime.HostBuilder;
import vesper.runtime.InstallationKeys;
import vesper.runtime.ServiceModule;
import vesper.worldpack.WorldPack;

/// Services, and the gateway where it is asked for, in this process, on NATS and PostgreSQL that
/// somebody else runs.
final class ServiceProcess implements AutoCloseable {
  private static final Duration DRAIN_WITHIN = Duration.ofSeconds(25);
  private static final int GATEWAY_PORT = 8000;

  private final Host host;
  private final @Nullable Gateway gateway;

  /// What runs and where.
  ///
  /// @param services ids from the catalogue; `gateway` too
  /// @param flags settings that the command line gives, by full key
  /// @param logFile where it logs beside the terminal; to the terminal only when absent
  record Plan(
      Set<String> services,
      WorldPack world,
      Infrastructure infrastructure,
      Map<String, String> flags,
      Optional<LogFile> logFile) {}

  /// What the services stand on.
  ///
  /// @param managementPort the wished one
  record Infrastructure(
      DataDirectory data, URI nats, DatabaseAddress database, int managementPort) {}

  private ServiceProcess(Host host, @Nullable Gateway gateway) {
    this.host = host;
    this.gateway = gateway;
  }

  /// Starts it all; it becomes ready when NATS and the database are there.
  ///
  /// @param progress told what happens, one sentence a step
  static ServiceProcess start(Plan plan, Consumer<String> progress) {
    DataDirectory data = plan.infrastructure().data();
    boolean edge = plan.services().contains(Catalogue.GATEWAY);
    Config config = config(plan);
    AtomicBoolean open = new AtomicBoolean();
    progress.accept("starting the services");
    HostBuilder builder =
        Host.builder()
            .config(config)
            .settings("gateway", GatewayConfig.class)
            .nats(plan.infrastructure().nats())
            .database(
                plan.infrastructure().database().jdbcUrl(),
                plan.infrastructure().database().user(),
                plan.infrastructure().database().password())
            .keys(InstallationKeys.open(data.keys()))
            .modules(Catalogue.modules(plan.world(), plan.services()))
            .managementPort(plan.infrastructure().managementPort());
    if (edge) {
      builder.readyWhen(Catalogue.GATEWAY, open::get);
    }
    Host host = builder.build();
    // The host sets up logging first.
    LogFile.quietEngines();
    plan.logFile().ifPresent(file -> file.open(config));
    try {
      host.start();
      if (!edge) {
        return new ServiceProcess(host, null);
      }
      progress.accept("opening the gateway");
      Gateway gateway = open(config, host);
      open.set(true);
      return new ServiceProcess(host, gateway);
    } catch (RuntimeException e) {
      host.close();
      throw e;
    }
  }

  private static Gateway open(Config config, Host host) {
    try {
      return Gateway.start(
          config.read("gateway", GatewayConfig.class),
          Catalogue.CONTRACTS,
          host.channel(),
          host.tokens(),
          host.tracing());
    } catch (IllegalStateException taken) {
      throw new CommandFailure(taken.getMessage() + "; --port 0 takes a free one");
    }
  }

  private static Config config(Plan plan) {
    Config config =
        Config.load(plan.flags(), SystemOptions.home().resolve("vesper.yaml"))
            .withForeign(
                Catalogue.modules(plan.world(), Set.copyOf(Catalogue.IDS)).stream()
                    .filter(module -> !plan.services().contains(module.id()))
                    .map(ServiceModule::domain)
                    .collect(Collectors.toSet()));
    // What nobody set is made up here: a secret of this installation, and a port that is free.
    if (plan.services().contains("auth")) {
      config =
          config.orElse(
              "vesper.auth.master-secret",
              () ->
                  Secrets.readOrCreate(
                      plan.infrastructure().data().keys().resolve("master.secret")));
    }
    return config.orElse("vesper.gateway.port", () -> Integer.toString(Ports.freeOr(GATEWAY_PORT)));
  }

  /// Waits until it is ready, and returns whether it is.
  boolean awaitReady(Duration limit) {
    return host.awaitReady(limit);
  }

  /// Where health, metrics and traces are.
  URI management() {
    return host.management();
  }

  /// Where the gateway listens, if it runs here.
  Optional<URI> gateway() {
    return Optional.ofNullable(gateway).map(Gateway::uri);
  }

  /// Refuses new calls, waits for the running ones, at the edge and in the services at once, since
  /// a stream without an end ends when its service stops; then closes everything.
  @Override
  public void close() {
    Thread services = Thread.ofVirtual().start(() -> host.drain(DRAIN_WITHIN));
    try {
      if (gateway != null) {
        gateway.drain(DRAIN_WITHIN);
      }
      services.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (gateway != null) {
      gateway.close();
    }
    host.close();
  }
}
