package vesper.runtime;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.postgres.PostgresPlugin;

/// The one pool of database connections of a process. [Host] makes it; tests of a store make their
/// own.
public final class DatabasePool implements AutoCloseable {
  private static final Pattern DOMAIN = Pattern.compile("[a-z][a-z0-9]{0,31}");
  private static final String OUTBOX_SCRIPTS = "classpath:db/vesper-outbox";

  private final HikariDataSource source;
  private final Jdbi jdbi;
  private final PacedDataSource connections = new PacedDataSource();
  private final Properties login = new Properties();
  private final Properties limits = new Properties();
  private final String jdbcUrl;
  private final MeterRegistry meters;
  private final Tracing tracing;

  DatabasePool(Address address, DatabaseSettings settings, MeterRegistry meters, Tracing tracing) {
    this.jdbcUrl = address.jdbcUrl();
    this.meters = meters;
    this.tracing = tracing;
    login.setProperty("user", address.user());
    login.setProperty("password", address.password().value());
    login.setProperty("ApplicationName", "vesper");
    login.setProperty("connectTimeout", seconds(settings.connectTimeout()));
    login.setProperty("loginTimeout", seconds(settings.connectTimeout()));
    login.setProperty("tcpKeepAlive", "true");
    Duration statement = settings.statementTimeout();
    limits.setProperty("options", "-c statement_timeout=" + statement.toMillis());
    // The server ends a slow statement; the socket's limit is for a server that went silent.
    limits.setProperty("socketTimeout", seconds(statement.plusSeconds(2)));
    connections.setUrl(jdbcUrl);
    set(login);
    set(limits);
    source = new HikariDataSource(pool(settings));
    jdbi = Jdbi.create(source).installPlugin(new PostgresPlugin());
    gauge("active", HikariPoolMXBean::getActiveConnections);
    gauge("idle", HikariPoolMXBean::getIdleConnections);
    gauge("waiting", HikariPoolMXBean::getThreadsAwaitingConnection);
  }

  /// Where a database is.
  record Address(String jdbcUrl, String user, Secret password) {}

  /// Makes the pool. Does not connect: the database may be away.
  public static DatabasePool open(String jdbcUrl, String user, Secret password) {
    return new DatabasePool(
        new Address(jdbcUrl, user, password),
        Config.of(Map.of()).read("runtime.database", DatabaseSettings.class),
        new SimpleMeterRegistry(),
        new Tracing());
  }

  /// Creates the schemas of these domains and brings them up to date with the scripts `db/<domain>`
  /// of the classpath.
  public void migrate(List<String> domains) {
    for (String domain : domains) {
      // A service without tables has no scripts.
      if (DatabasePool.class.getClassLoader().getResource("db/" + checked(domain)) != null) {
        migrate(domain, "flyway_history", "classpath:db/" + domain);
      }
      // After the domain's own: one of them made a table of leases before the runtime did.
      migrate(domain, "outbox_history", OUTBOX_SCRIPTS);
    }
  }

  /// Returns the way to the tables of one domain.
  public Database database(String domain) {
    return new Database(checked(domain), jdbi, meters, tracing);
  }

  /// Returns the outbox of one domain.
  public Outbox outbox(String domain) {
    return outbox(domain, Ids.random(InstantSource.system()), InstantSource.system());
  }

  Outbox outbox(String domain, Ids ids, InstantSource clock) {
    return new OutboxTable(checked(domain), ids, clock);
  }

  /// Returns the leases of one domain.
  public Leases leases(String domain) {
    return leases(domain, Config.of(Map.of()).read("runtime.lease", LeaseSettings.class));
  }

  SchemaLeases leases(String domain, LeaseSettings settings) {
    return new SchemaLeases(domain, database(domain), settings, meters);
  }

  /// Returns the answers that a domain keeps under idempotency keys.
  public Answers answers(String domain) {
    return new Answers(checked(domain));
  }

  /// Opens a connection beside the pool, for somebody who keeps it.
  Connection connect() throws SQLException {
    return connections.tryConnection();
  }

  /// Asks the database for a sign of life.
  void ping(Duration limit) throws SQLException {
    try (Connection connection = source.getConnection()) {
      if (!connection.isValid((int) Math.max(1, limit.toSeconds()))) {
        throw new SQLException("no answer");
      }
    }
  }

  @Override
  public void close() {
    source.close();
  }

  private void set(Properties properties) {
    properties.forEach((name, value) -> {
      try {
        connections.setProperty((String) name, (String) value);
      } catch (SQLException e) {
        throw new IllegalStateException("the driver does not know " + name, e);
      }
    });
  }

  private HikariConfig pool(DatabaseSettings settings) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("vesper");
    config.setDataSource(connections);
    config.setMaximumPoolSize(settings.poolSize());
    config.setMinimumIdle(Math.min(2, settings.poolSize()));
    config.setConnectionTimeout(settings.maxWait().toMillis());
    config.setValidationTimeout(settings.maxWait().toMillis());
    config.setInitializationFailTimeout(-1);
    config.setAutoCommit(true);
    return config;
  }

  private void migrate(String domain, String history, String scripts) {
    // A migration may take longer than any statement of a service.
    Flyway.configure(DatabasePool.class.getClassLoader())
        .dataSource(jdbcUrl, login.getProperty("user"), login.getProperty("password"))
        .schemas(checked(domain))
        .table(history)
        .locations(scripts)
        .failOnMissingLocations(false)
        // The two histories share a schema, so each finds it filled by the other.
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .load()
        .migrate();
  }

  private void gauge(String state, ToDoubleFunction<HikariPoolMXBean> count) {
    Gauge.builder("vesper.db.pool", source, pool -> count.applyAsDouble(pool.getHikariPoolMXBean()))
        .tag("state", state)
        .description("Connections of the pool, and threads that wait for one")
        .register(meters);
  }

  private static String checked(String domain) {
    if (!DOMAIN.matcher(domain).matches()) {
      throw new IllegalArgumentException("not a domain: " + domain);
    }
    return domain;
  }

  private static String seconds(Duration time) {
    return Long.toString(Math.max(1, time.toSeconds()));
  }
}
