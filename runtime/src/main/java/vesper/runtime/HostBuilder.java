package vesper.runtime;

import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import vesper.transport.Routing;

/// What a host runs and where.
public final class HostBuilder {
  private final Map<String, List<Class<? extends Record>>> settings = new LinkedHashMap<>();
  private final Map<String, BooleanSupplier> conditions = new LinkedHashMap<>();
  private Config config = Config.of(Map.of());
  private URI[] nats = {};
  private DatabasePool.@Nullable Address database;
  private InstallationKeys keys = InstallationKeys.ephemeral();
  private InstantSource clock = InstantSource.system();
  private @Nullable Ids ids;
  private Routing routing = Routing.AUTO;
  private List<ServiceModule> modules = List.of();
  private int managementPort;

  HostBuilder() {}

  /// Sets the settings; the defaults unless told.
  public HostBuilder config(Config config) {
    this.config = config;
    return this;
  }

  /// Adds settings that are no service's, to be checked with the others.
  public HostBuilder settings(String domain, Class<? extends Record> type) {
    settings.computeIfAbsent(domain, _ -> new ArrayList<>()).add(type);
    return this;
  }

  /// Sets the NATS servers.
  public HostBuilder nats(URI... servers) {
    this.nats = servers.clone();
    return this;
  }

  /// Sets the database.
  public HostBuilder database(String jdbcUrl, String user, String password) {
    this.database = new DatabasePool.Address(jdbcUrl, user, new Secret(password));
    return this;
  }

  /// Sets the keys of the installation; keys of this host's own unless told.
  public HostBuilder keys(InstallationKeys keys) {
    this.keys = keys;
    return this;
  }

  /// Sets the clock; the system's unless told.
  public HostBuilder clock(InstantSource clock) {
    this.clock = clock;
    return this;
  }

  /// Sets the ids; random ones unless told.
  public HostBuilder ids(Ids ids) {
    this.ids = ids;
    return this;
  }

  /// Sets where calls between services go; AUTO unless told.
  public HostBuilder routing(Routing routing) {
    this.routing = routing;
    return this;
  }

  /// Sets the services to run.
  public HostBuilder modules(List<? extends ServiceModule> modules) {
    this.modules = List.copyOf(modules);
    return this;
  }

  /// Sets the port of health, metrics and traces on the loopback address. When it is 0, as unless
  /// told, or taken, a free one is used; [Host#management] tells.
  public HostBuilder managementPort(int port) {
    this.managementPort = port;
    return this;
  }

  /// Adds a condition of being ready, beside those of the host: what else this process must have
  /// opened.
  ///
  /// @param name as health shows it
  public HostBuilder readyWhen(String name, BooleanSupplier holds) {
    conditions.put(name, holds);
    return this;
  }

  /// Returns the host, not yet started.
  ///
  /// @throws ConfigException with everything that is wrong with the settings
  public Host build() {
    if (nats.length == 0) {
      throw new IllegalStateException("a host needs a NATS server");
    }
    Set<String> domains = new HashSet<>();
    for (ServiceModule module : modules) {
      if (!domains.add(module.domain())) {
        throw new IllegalStateException("two services of domain " + module.domain());
      }
    }
    return new Host(this);
  }

  Config config() {
    return config;
  }

  URI[] nats() {
    return nats.clone();
  }

  Map<String, BooleanSupplier> conditions() {
    return conditions;
  }

  InstallationKeys keys() {
    return keys;
  }

  InstantSource clock() {
    return clock;
  }

  Routing routing() {
    return routing;
  }

  List<ServiceModule> modules() {
    return modules;
  }

  int managementPort() {
    return managementPort;
  }

  DatabasePool.Address address() {
    if (database == null) {
      throw new IllegalStateException("a host needs a database");
    }
    return database;
  }

  Ids ids() {
    if (ids == null) {
      ids = Ids.random(clock);
    }
    return ids;
  }

  /// Returns all records that this process reads, by domain.
  Map<String, List<Class<? extends Record>>> sections() {
    Map<String, List<Class<? extends Record>>> sections = new LinkedHashMap<>();
    settings.forEach((domain, types) -> sections.put(domain, new ArrayList<>(types)));
    add(sections, RuntimeSettings.DOMAIN, RuntimeSettings.class);
    add(sections, RuntimeSettings.Tokens.DOMAIN, RuntimeSettings.Tokens.class);
    modules.forEach(
        module -> module.settings().forEach(type -> add(sections, module.domain(), type)));
    return sections;
  }

  private static void add(
      Map<String, List<Class<? extends Record>>> sections,
      String domain,
      Class<? extends Record> type) {
    sections.computeIfAbsent(domain, _ -> new ArrayList<>()).add(type);
  }
}
